// Of the best bid and ask: imbalance, microprice (Gatheral and Oomen 2010), spreads; and differences of two prices.
#include "features/indicators/definitions.h"

namespace hone {
namespace {

constexpr std::string_view kSizes[] = {"bid_size", "ask_size"}, kQuotes[] = {"bid", "ask"};
constexpr std::string_view kBook[] = {"bid", "ask", "bid_size", "ask_size"};

double Imbalance(const Row<2>& size) {
  const double all = size[0] + size[1];
  return all == 0 ? 0 : (size[0] - size[1]) / all;
}
double Microprice(const Row<4>& book) {
  const double all = book[2] + book[3];
  return all == 0 ? (book[0] + book[1]) / 2 : (book[0] * book[3] + book[1] * book[2]) / all;
}
double Spread(const Row<2>& quotes) { return quotes[1] - quotes[0]; }
double RelativeSpread(const Row<2>& quotes) {
  const double middle = (quotes[0] + quotes[1]) / 2;
  return middle == 0 ? 0 : (quotes[1] - quotes[0]) / middle;
}
double Difference(const Row<2>& prices) { return prices[0] - prices[1]; }

}  // namespace

constexpr IndicatorDefinition kOrderBookImbalance{
    .name = "order_book_imbalance",
    .description = "(bid_size - ask_size) / (bid_size + ask_size), -1 to 1; 0 for an empty book",
    .source = "Cont, Kukanov and Stoikov 2014",
    .inputs = kSizes,
    .parameters = {},
    .outputs = kValue,
    .make = Make<OfOneBar<2, Imbalance>>};

constexpr IndicatorDefinition kMicroprice{
    .name = "microprice",
    .description = "(bid ask_size + ask bid_size) / (bid_size + ask_size); the middle of an empty book",
    .source = "Gatheral and Oomen 2010",
    .inputs = kBook,
    .parameters = {},
    .outputs = kValue,
    .make = Make<OfOneBar<4, Microprice>>};

constexpr IndicatorDefinition kSpread{.name = "spread",
                                      .description = "ask - bid",
                                      .source = "definition",
                                      .inputs = kQuotes,
                                      .parameters = {},
                                      .outputs = kValue,
                                      .make = Make<OfOneBar<2, Spread>>};

constexpr IndicatorDefinition kRelativeSpread{.name = "relative_spread",
                                              .description = "(ask - bid) / ((bid + ask) / 2); 0 where that is 0",
                                              .source = "definition",
                                              .inputs = kQuotes,
                                              .parameters = {},
                                              .outputs = kValue,
                                              .make = Make<OfOneBar<2, RelativeSpread>>};

constexpr IndicatorDefinition kPriceDiff{.name = "price_diff",
                                         .description = "a - b",
                                         .source = "definition",
                                         .inputs = kTwoSeries,
                                         .parameters = {},
                                         .outputs = kValue,
                                         .make = Make<OfOneBar<2, Difference>>};

}  // namespace hone
