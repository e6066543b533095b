#include "api/openapi_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace hone {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::vector<DeclaredRoute> RoutesOfTheSource() {
  std::vector<DeclaredRoute> routes;
  const OrderedJson source = OrderedJson::parse(OpenApiSource());
  for (const auto& [path, methods] : source["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      const char* name = method == "get" ? "GET" : method == "post" ? "POST" : "DELETE";
      routes.push_back({name, path, AccessRole::kOperate});
    }
  }
  return routes;
}

OrderedJson Document(bool secured) {
  return OrderedJson::parse(OpenApiDocument(RoutesOfTheSource(), "1.2.3", secured));
}

void FindReferences(const OrderedJson& value, std::set<std::string>& references) {
  if (value.is_object() && value.contains("$ref")) references.insert(value["$ref"].get<std::string>());
  if (value.is_structured()) {
    for (const OrderedJson& item : value) FindReferences(item, references);
  }
}

TEST(OpenApiDocument, EveryReferenceIsThere) {
  const OrderedJson document = Document(true);
  std::set<std::string> references;
  FindReferences(document, references);
  EXPECT_GT(references.size(), 40U);
  for (const std::string& reference : references) {
    ASSERT_EQ(reference.front(), '#');
    EXPECT_TRUE(document.contains(OrderedJson::json_pointer(reference.substr(1)))) << reference;
  }
}

TEST(OpenApiDocument, EveryComponentIsUsed) {
  const OrderedJson document = Document(true);
  std::set<std::string> references;
  FindReferences(document, references);
  for (const char* kind : {"schemas", "responses", "parameters", "headers"}) {
    for (const auto& [name, component] : document["components"][kind].items()) {
      EXPECT_TRUE(references.contains(std::string("#/components/") + kind + "/" + name)) << name;
    }
  }
}

TEST(OpenApiDocument, EveryOperationIsNamedOnceAndTagged) {
  std::set<std::string> names;
  const OrderedJson document = Document(false);
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      EXPECT_TRUE(names.insert(operation["operationId"].get<std::string>()).second) << path;
      EXPECT_EQ(operation["tags"].size(), 1U) << path;
      EXPECT_FALSE(operation["summary"].get<std::string>().empty()) << path;
    }
  }
}

TEST(OpenApiDocument, RolesAreToldWhereTokensAreNeeded) {
  const OrderedJson open = Document(false)["paths"]["/outcomes"]["post"];
  EXPECT_FALSE(open.contains("security"));
  EXPECT_FALSE(open["responses"].contains("401"));
  EXPECT_TRUE(open["responses"].contains("403")) << "a page of another site";
  const OrderedJson secured = Document(true)["paths"]["/outcomes"]["post"];
  EXPECT_EQ(secured["security"].dump(), R"([{"bearer":[]}])");
  EXPECT_EQ(secured["x-role"], "operate");
  EXPECT_TRUE(secured["responses"].contains("401"));
}

TEST(OpenApiDocument, WhatIsNoRouteIsLeftOut) {
  const OrderedJson document =
      OrderedJson::parse(OpenApiDocument({{"GET", "/livez", AccessRole::kNone}}, "1.2.3", true));
  EXPECT_EQ(document["paths"].size(), 1U);
  EXPECT_EQ(document["info"]["version"], "1.2.3");
  EXPECT_FALSE(document["paths"]["/livez"]["get"].contains("security"));
}

}  // namespace
}  // namespace hone
