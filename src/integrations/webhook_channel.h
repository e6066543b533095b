// Posts notices as Alertmanager's webhooks, version 4, so that what takes those takes these.
#pragma once

#include <utility>

#include "integrations/channel.h"
#include "integrations/http_destination.h"

namespace hone {

class WebhookChannel final : public Channel {
 public:
  explicit WebhookChannel(HttpDestination destination) : destination_(std::move(destination)) {}
  Delivery Send(std::span<const std::string> notices) override {
    return DeliveryOf(destination_.Post(notices.front()), destination_);
  }

 private:
  HttpDestination destination_;
};

}  // namespace hone
