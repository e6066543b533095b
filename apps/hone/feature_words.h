// The features, functions and indicators there are, and what one of them or an expression is, in words and as JSON.
#pragma once

#include <string>

#include "base/result.h"
#include "features/expression/functions.h"
#include "features/expression/user_definitions.h"

namespace hone {

// All there is, with a call to begin with and the bars it needs.
std::string FeatureListJson(const UserDefinitions& definitions);
std::string FeatureListTable(const UserDefinitions& definitions);

// Of the name of an indicator, or of an expression. Errors: those of the expression.
Result<std::string> FeatureJson(const std::string& text, const UserDefinitions& definitions);
Result<std::string> FeatureTable(const std::string& text, const UserDefinitions& definitions);

// A call of the indicator that the checker accepts, with customary parameters: "macd(close, 12, 26, 9).macd".
std::string ExampleCall(const IndicatorDefinition& indicator);

}  // namespace hone
