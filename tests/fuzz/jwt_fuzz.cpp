// Fuzz target: any bytes as an end user's token. Without the issuer's secret key none is taken. The same bytes as
// header and payload that the issuer really signed: what is then taken says what the rules ask for, and says it only as
// long as no byte of it is another.
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/api/gate/jwt.h"
#include "gateway/json/read.h"
#include "infra/crypto/encode.h"

using namespace kaogong;
using tenants::AccessRole;

namespace {

constexpr int64_t kNow = 1'790'000'000;

void demand(bool holds) {
  if (!holds) std::abort();
}

/// Ed25519, always the same.
EVP_PKEY* key() {
  static EVP_PKEY* const kKey = [] {
    const std::string seed(32, 'k');
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(seed.data()),
                                        seed.size());
  }();
  return kKey;
}

std::string pem() {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PUBKEY(bio.get(), key());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

std::string sign(std::string_view text) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key());
  std::string out(64, '\0');
  size_t size = out.size();
  EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                 reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return out;
}

const std::vector<tenants::TokenIssuer>& issuers() {
  static const std::vector<tenants::TokenIssuer> kIssuers = {{"https://id.example",
                                                              "k1",
                                                              tenants::TokenAlgorithm::kEdDsa,
                                                              pem(),
                                                              "kaogong",
                                                              {AccessRole::kEmployee, AccessRole::kHr},
                                                              "",
                                                              {}}};
  return kIssuers;
}

tenants::Result<api::TokenClaims> verify(std::string_view token) {
  return api::verify_token(token, issuers(), clock::Instant{std::chrono::seconds{kNow}});
}

std::string_view text_of(const json::Document& object, std::string_view name) {
  const auto found = object.root().find(name);
  return found && found->is(json::Kind::kString) ? found->text() : std::string_view();
}

/// A token that was taken: header and payload are what they must be.
void look_at(const api::TokenClaims& claims, std::string_view header, std::string_view payload) {
  const auto read_header = json::read(header), read_payload = json::read(payload);
  const auto* head = std::get_if<json::Document>(&read_header);
  const auto* body = std::get_if<json::Document>(&read_payload);
  demand(head != nullptr && body != nullptr);
  demand(text_of(*head, "alg") == "EdDSA" && text_of(*head, "kid") == "k1");
  for (const char* name : {"jku", "jwk", "x5u", "x5c", "crit"}) demand(!head->root().find(name));
  demand(text_of(*body, "iss") == "https://id.example");
  demand(body->root().find("aud").has_value() && body->root().find("exp").has_value());
  demand(payload.find("kaogong") != std::string_view::npos || payload.find('\\') != std::string_view::npos);
  demand(claims.tenant == text_of(*body, "tenant") && claims.subject == text_of(*body, "sub"));
  demand(!claims.subject.empty());
  demand(claims.role == AccessRole::kEmployee || claims.role == AccessRole::kHr);
  demand(claims.role != AccessRole::kEmployee || !claims.employee.empty());
  demand(claims.expires_at + api::kClockLeeway > clock::Instant{std::chrono::seconds{kNow}});
  demand(claims.expires_at <= clock::Instant{std::chrono::seconds{kNow}} + api::kTokenLifetimeMax + api::kClockLeeway);
  const auto all = tenants::scopes_of(claims.role);
  for (const auto& name : tenants::texts_of(claims.scopes)) demand(all.has(*tenants::parse_scope(name)));
}

void look_at_signed(std::string_view header, std::string_view payload) {
  const auto text = crypto::to_base64url(header) + "." + crypto::to_base64url(payload);
  const auto signature = sign(text);
  const auto token = text + "." + crypto::to_base64url(signature);
  const auto claims = verify(token);
  if (!claims.ok()) {
    demand(claims.failure().code == tenants::FailureCode::kUnauthenticated && !claims.failure().message.empty());
    return;
  }
  look_at(*claims, header, payload);
  const auto hint = api::hint_of(token);
  demand(hint && hint->tenant == claims->tenant);
  auto other = signature;
  other[header.size() % other.size()] = static_cast<char>(other[header.size() % other.size()] ^ 1);
  demand(!verify(text + "." + crypto::to_base64url(other)).ok());
  demand(!verify(text + ".").ok() && !verify(token + "." + token).ok() && !verify(token + "A").ok());
  demand(!verify(crypto::to_base64url(std::string(header) + " ") + token.substr(token.find('.'))).ok());
}

}  // namespace

/// The first line, if there are more than one, is a header, the rest a payload; else it is all a token.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(api::hint_of(bytes));
  demand(!verify(bytes).ok());
  const size_t line = bytes.find('\n');
  if (line != std::string_view::npos) look_at_signed(bytes.substr(0, line), bytes.substr(line + 1));
  return 0;
}
