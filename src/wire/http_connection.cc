#include "wire/http_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>
#include <cstring>
#include <iterator>
#include <span>
#include <utility>

#include "wire/http_plain_request.h"
#include "wire/http_problem.h"
#include "wire/http_target.h"

namespace hone::http_internal {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kReadBytes = 16 << 10;
constexpr std::size_t kOutputBytes = 256 << 10;  // pipelined answers waiting beyond this stop the parsing
constexpr std::size_t kKeptBody = 64 << 10;      // memory a connection keeps between requests
constexpr Duration kLingerTime = kSecond;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

bool IsHeaderText(char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t'; }

// Header text cannot end its line.
void AppendSafe(std::string_view text, std::string& out) {
  if (std::all_of(text.begin(), text.end(), IsHeaderText)) {
    out += text;
  } else {
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), IsHeaderText);
  }
}

void AppendNumber(std::size_t number, std::string& out) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void AppendHeader(std::string_view name, std::string_view value, std::string& out) {
  AppendSafe(name, out);
  out += ": ";
  AppendSafe(value, out);
  out += "\r\n";
}

// What follows is the length of the body.
constexpr std::string_view kJsonBegins = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";

void AppendStatus(int status, std::string& out) {
  out += "HTTP/1.1 ";
  AppendNumber(static_cast<std::size_t>(status), out);
  out += ' ';
  out += HttpReason(status);
  out += "\r\n";
}

void AppendType(std::string_view type, std::string& out) {
  out += "Content-Type: ";
  AppendSafe(type, out);
  out += "\r\nContent-Length: ";
}

bool HasBody(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

Connection::Connection(Loop& loop, std::uint64_t number, Stream stream)
    : loop_(loop), number_(number), stream_(std::move(stream)) {
  request_.io_thread = loop.index();
}

void Connection::Start() {
  if (!stream_.secure()) return stream_.plain().Watch(loop_.sockets(), this) ? Begin() : Close();
  state_ = State::kHandshake;
  deadline_ = loop_.TickAfter(loop_.options().request_timeout);
  stream_.Handshake([self = shared_from_this()](error_code error) {
    if (self->state_ != State::kHandshake) return;
    if (error) return self->Close();
    self->state_ = State::kReading;
    self->Begin();
  });
}

void Connection::Begin() {
  StartRequest();
  Advance();
}

void Connection::StartRequest() {
  if (request_.body.capacity() > kKeptBody) request_.body = {};
  parser_.reset();
  begun_ = false;
  continue_sent_ = false;
  head_ = false;
  deadline_ = loop_.TickAfter(loop_.options().idle_timeout);
}

void Connection::NoteBegun() {
  if (begun_) return;
  begun_ = true;
  deadline_ = loop_.TickAfter(loop_.options().request_timeout);
}

// Does all that can be done without waiting, then waits for what comes next. Answers given while it runs do not enter
// it again.
void Connection::Advance() {
  if (in_advance_) return;
  in_advance_ = true;
  ParseInput();
  in_advance_ = false;
  if (output_.empty() || write_pending_) {
    Await();
  } else if (!std::exchange(settling_, true)) {
    loop_.SettleSoon(this);
  }
}

void Connection::Settle() {
  settling_ = false;
  const bool was_full = output_.size() >= kOutputBytes;
  Flush();
  if (was_full && output_.empty()) return Advance();  // parsing had stopped
  Await();
}

void Connection::Await() {
  if (state_ == State::kReading) Read();
  if (state_ == State::kClosing && !write_pending_) Linger();
}

void Connection::ParseInput() {
  while (state_ == State::kReading && begin_ < end_ && output_.size() < kOutputBytes) {
    if (!ParseSome()) break;
  }
  if (state_ != State::kReading || output_.size() >= kOutputBytes) return;
  if (input_ended_ || (!begun_ && loop_.stopping())) state_ = State::kClosing;
}

// False when the request needs more bytes.
bool Connection::ParseSome() {
  if (!parser_) {
    NoteBegun();
    if (ParsePlain()) return true;
    parser_.emplace(loop_.options(), request_, target_);
  }
  error_code error;
  begin_ += parser_->put(asio::const_buffer(input_.data() + begin_, end_ - begin_), error);
  if (error == boost::beast::http::error::need_more) error = {};
  if (error) {
    Refuse(StatusOf(error), fmt::format("the request is not acceptable HTTP/1.1: {}", error.message()));
  } else if (parser_->is_done()) {
    keep_alive_ = parser_->keep_alive();
    old_version_ = parser_->version() < 11;
    Dispatch(parser_->host_is_right());
  } else {
    if (parser_->is_header_done() && parser_->expects_continue() && !std::exchange(continue_sent_, true)) {
      output_ += kContinue;
    }
    return false;
  }
  return true;
}

bool Connection::ParsePlain() {
  const std::string_view bytes(input_.data() + begin_, end_ - begin_);
  const std::size_t taken = TakePlainRequest(bytes, loop_.options(), request_, target_);
  if (taken == 0) return false;
  begin_ += taken;
  keep_alive_ = true;
  old_version_ = false;
  Dispatch(true);
  return true;
}

void Connection::Dispatch(bool host_is_right) {
  head_ = request_.method == "HEAD";
  if (!host_is_right) return Refuse(400, "the request needs one Host header");
  if (const Status status = ParseNewTarget(); !status.ok()) return Refuse(400, status.error().message);
  state_ = State::kAnswering;
  deadline_ = loop_.TickAfter(loop_.options().answer_timeout);
  loop_.Handle(number_, ++request_number_, request_);
}

// Most clients ask a connection for the same again.
Status Connection::ParseNewTarget() {
  if (target_ == parsed_target_ && !target_.empty()) return OkStatus();
  parsed_target_.clear();
  HONE_RETURN_IF_ERROR(ParseTarget(target_, request_));
  parsed_target_ = target_;
  return OkStatus();
}

void Connection::Answer(std::uint64_t request, const HttpResponse& response) {
  if (state_ != State::kAnswering || request != request_number_) return;
  const bool keep_alive = keep_alive_ && !loop_.stopping();
  Write(response, keep_alive);
  FinishAnswer(keep_alive);
  Advance();
}

void Connection::Upgrade(std::uint64_t request, const WebSocketLimits& limits,
                         std::shared_ptr<WebSocketListener> listener) {
  if (state_ != State::kAnswering || request != request_number_) return;
  if (begin_ != end_ || !output_.empty() || write_pending_) {
    return Answer(request, ProblemResponse(400, "a request for a WebSocket stands alone: wait for its answer"));
  }
  if (loop_.stopping()) return Answer(request, ProblemResponse(503, "the server ends"));
  state_ = State::kClosed;
  loop_.Adopt(number_, std::move(stream_), request_, limits, std::move(listener));
}

void Connection::FinishAnswer(bool keep_alive) {
  state_ = keep_alive ? State::kReading : State::kClosing;
  if (keep_alive) StartRequest();
}

void Connection::Refuse(int status, std::string detail) {
  loop_.counts().malformed.fetch_add(1, std::memory_order_relaxed);
  Write(ProblemResponse(status, std::move(detail)), false);
  FinishAnswer(false);
}

void Connection::Write(const HttpResponse& response, bool keep_alive) {
  if (response.status == 200 && response.content_type == kJsonType) {
    output_ += kJsonBegins;
  } else {
    AppendStatus(response.status, output_);
    if (HasBody(response.status)) AppendType(response.content_type, output_);
  }
  if (HasBody(response.status)) {
    AppendNumber(response.body.size(), output_);
    output_ += "\r\n";
  }
  if (!keep_alive) {
    output_ += "Connection: close\r\n";
  } else if (old_version_) {
    output_ += "Connection: keep-alive\r\n";
  }
  for (const HttpHeader& header : response.headers) AppendHeader(header.name, header.value, output_);
  output_ += "\r\n";
  if (HasBody(response.status) && !head_) output_ += response.body;
}

void Connection::Flush() {
  if (write_pending_ || output_.empty() || state_ == State::kClosed) return;
  const std::size_t sent = stream_.secure() ? 0 : stream_.plain().Send(output_);
  if (sent == output_.size()) return output_.clear();
  writing_.assign(output_, sent);
  output_.clear();
  sent_ = 0;
  write_pending_ = true;
  write_deadline_ = loop_.TickAfter(loop_.options().write_timeout);
  if (!stream_.secure()) return;
  stream_.WriteSecurely(asio::buffer(writing_),
                        [self = shared_from_this()](error_code error, std::size_t) { self->OnWritten(!error); });
}

void Connection::SendRest() {
  PlainSocket& socket = stream_.plain();
  if (!socket.failed()) sent_ += socket.Send(std::span(writing_).subspan(sent_));
  if (socket.failed() || sent_ == writing_.size()) OnWritten(!socket.failed());
}

void Connection::OnWritten(bool ok) {
  write_pending_ = false;
  if (writing_.capacity() > kOutputBytes) writing_ = {};
  if (state_ == State::kClosed) return;
  if (!ok) return Close();
  Advance();
}

// Room for at least one read behind what is not parsed; a header must stand in one piece.
void Connection::MakeRoom() {
  if (begin_ > 0) {
    std::memmove(input_.data(), input_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t most = loop_.options().max_header_bytes + 2 * kReadBytes;
  if (input_.size() - end_ < kReadBytes / 4) {
    input_.resize(std::min(std::max(2 * input_.size(), kReadBytes), std::max(most, end_ + kReadBytes)));
  }
}

void Connection::Read() {
  if (read_pending_ || input_ended_ || output_.size() >= kOutputBytes) return;
  read_pending_ = true;
  if (!stream_.secure()) return stream_.plain().AwaitReadable();
  MakeRoom();
  stream_.ReadSecurely(
      asio::buffer(input_.data() + end_, input_.size() - end_),
      [self = shared_from_this()](error_code error, std::size_t bytes) { self->OnRead(!error, bytes); });
}

void Connection::Receive() {
  MakeRoom();
  const PlainSocket::Received received = stream_.plain().Receive(std::span(input_).subspan(end_));
  if (received.bytes > 0 || received.ended) return OnRead(!received.ended, received.bytes);
  stream_.plain().AwaitReadable();
}

void Connection::OnReady(SocketPoll::Ready ready) {
  if (state_ == State::kClosed) return;
  stream_.plain().Note(ready);
  if (ready.writable && write_pending_) SendRest();
  if (ready.readable && read_pending_ && state_ != State::kClosed) Receive();
}

void Connection::OnRead(bool ok, std::size_t bytes) {
  read_pending_ = false;
  if (state_ == State::kClosed) return;
  if (state_ == State::kLingering) {
    if (!ok) return Close();
    return Linger();
  }
  if (!ok) input_ended_ = true;  // what is there is still answered
  end_ += bytes;
  Advance();
}

void Connection::Linger() {
  if (state_ == State::kClosing) {
    state_ = State::kLingering;
    deadline_ = loop_.TickAfter(kLingerTime);
    const bool told = stream_.EndSending([self = shared_from_this()] { self->Close(); });
    if (!told || input_ended_) return Close();
  }
  begin_ = end_ = 0;
  Read();
}

void Connection::OnStop() {
  if (state_ == State::kHandshake) Close();
  if (state_ == State::kReading && !begun_) Advance();
}

void Connection::OnTick() {
  if (write_pending_ && loop_.tick() >= write_deadline_) {
    loop_.counts().timed_out.fetch_add(1, std::memory_order_relaxed);
    return Close();
  }
  if (loop_.tick() >= deadline_ && state_ != State::kClosing) OnDeadline();
}

void Connection::OnDeadline() {
  if (state_ == State::kReading && write_pending_) return;  // the write deadline holds
  if (state_ == State::kReading && begun_) {
    loop_.counts().timed_out.fetch_add(1, std::memory_order_relaxed);
    Refuse(408, fmt::format("the request was not complete after {} s", loop_.options().request_timeout / kSecond));
    Advance();
  } else if (state_ == State::kAnswering) {
    keep_alive_ = false;
    Answer(request_number_, ProblemResponse(Error{ErrorCode::kUnavailable, "the answer took too long", "", 0, ""}));
  } else {
    if (state_ == State::kHandshake) loop_.counts().timed_out.fetch_add(1, std::memory_order_relaxed);
    Close();
  }
}

void Connection::Close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  stream_.Close();
  loop_.Forget(number_);
}

}  // namespace hone::http_internal
