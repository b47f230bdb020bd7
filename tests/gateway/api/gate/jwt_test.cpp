#include "gateway/api/gate/jwt.h"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "gateway/api/answer.h"
#include "gateway/api/keys/routes.h"
#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"
#include "tests/gateway/api/fixture/api_fixture.h"

namespace kaogong::api::test {
namespace {

using tenants::AccessRole;
using tenants::TokenAlgorithm;

/// A key pair of a test.
class Pair {
 public:
  explicit Pair(TokenAlgorithm algorithm, int rsa_bits = 2048) : algorithm_(algorithm) {
    switch (algorithm) {
      case TokenAlgorithm::kEdDsa:
        key_.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
        break;
      case TokenAlgorithm::kEs256:
        key_.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
        break;
      case TokenAlgorithm::kRs256:
        key_.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<size_t>(rsa_bits)));
        break;
    }
  }
  std::string pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PUBKEY(bio.get(), key_.get());
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<size_t>(size)};
  }
  std::string sign(const std::string& text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const auto* hash = algorithm_ == TokenAlgorithm::kEdDsa ? nullptr : EVP_sha256();
    EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key_.get());
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size());
    std::string out(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes, text.size());
    out.resize(size);
    return algorithm_ == TokenAlgorithm::kEs256 ? raw_of(out) : out;
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  static std::string raw_of(const std::string& der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
        d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())), ECDSA_SIG_free);
    std::string out(64, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), to, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), to + 32, 32);
    return out;
  }
  TokenAlgorithm algorithm_;
  std::unique_ptr<EVP_PKEY, Free> key_;
};

const Pair& pair_of(TokenAlgorithm algorithm) {
  static const Pair kPairs[] = {Pair(TokenAlgorithm::kEdDsa), Pair(TokenAlgorithm::kEs256),
                                Pair(TokenAlgorithm::kRs256)};
  return kPairs[static_cast<size_t>(algorithm)];
}

constexpr int64_t kNow = 1'790'000'000;

std::string replace(std::string text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  if (at == std::string::npos) ADD_FAILURE() << what << " is not in " << text;
  return text.replace(at, what.size(), by);
}

class JwtTest : public ::testing::TestWithParam<TokenAlgorithm> {
 protected:
  tenants::TokenIssuer issuer{"https://id.example",
                              "k1",
                              GetParam(),
                              pair_of(GetParam()).pem(),
                              "kaogong",
                              {AccessRole::kEmployee, AccessRole::kRater, AccessRole::kHr},
                              {},
                              {}};
  std::string header = R"({"alg":")" + std::string(tenants::to_text(GetParam())) + R"(","typ":"JWT","kid":"k1"})";
  std::string payload =
      R"({"iss":"https://id.example","aud":"kaogong","sub":"u1","tenant":"acme","role":"employee","employee":"E1","iat":1790000000,"nbf":1790000000,"exp":1790000600})";

  std::string token(const std::string& of_header, const std::string& of_payload) const {
    const auto text = crypto::to_base64url(of_header) + "." + crypto::to_base64url(of_payload);
    return text + "." + crypto::to_base64url(pair_of(GetParam()).sign(text));
  }
  tenants::Result<TokenClaims> verify(const std::string& text, int64_t now = kNow) const {
    return verify_token(text, {issuer}, clock::Instant{std::chrono::seconds{now}});
  }
  std::string refusal(const std::string& text, int64_t now = kNow) const {
    const auto result = verify(text, now);
    if (result.ok()) return "taken";
    EXPECT_EQ(result.failure().code, tenants::FailureCode::kUnauthenticated);
    return result.failure().message;
  }
  void expect_refused(const std::string& of_header, const std::string& of_payload, const std::string& why) {
    EXPECT_EQ(refusal(token(of_header, of_payload)), "the token is refused: " + why) << of_header << of_payload;
  }
};
INSTANTIATE_TEST_SUITE_P(Algorithms, JwtTest,
                         ::testing::Values(TokenAlgorithm::kEdDsa, TokenAlgorithm::kEs256, TokenAlgorithm::kRs256),
                         [](const auto& of) { return std::string(tenants::to_text(of.param)); });

TEST_P(JwtTest, AGoodOneIsTaken) {
  const auto claims = verify(token(header, payload));
  ASSERT_OK(claims);
  EXPECT_EQ(claims->tenant, "acme");
  EXPECT_EQ(claims->subject, "u1");
  EXPECT_EQ(claims->employee, "E1");
  EXPECT_EQ(claims->scopes, tenants::scopes_of(AccessRole::kEmployee));
  EXPECT_OK(
      verify(token(replace(header, "JWT", "at+jwt"), replace(payload, R"("kaogong")", R"(["other","kaogong"])"))));
  EXPECT_EQ(hint_of(token(header, payload))->tenant, "acme");
}

TEST_P(JwtTest, ScopesOnlyNarrow) {
  const auto hr = replace(replace(payload, R"("employee","employee":"E1")", R"("hr")"), R"("sub")",
                          R"("scope":"people:read audit:read openid","sub")");
  const auto claims = verify(token(header, hr));
  ASSERT_OK(claims);
  EXPECT_EQ(claims->scopes, tenants::Scopes({tenants::Scope::kPeopleRead}));
  EXPECT_EQ(verify(token(header, replace(hr, "people:read audit:read openid", "")))->scopes, tenants::Scopes());
  expect_refused(header, replace(hr, R"("people:read audit:read openid")", "5"), "its scope is no text");
}

TEST_P(JwtTest, TheHeaderDecidesNothing) {
  const std::string name(tenants::to_text(GetParam()));
  for (const std::string other : {"none", "None", "HS256", "HS512", "PS256", "ES384", "EdDSA", "ES256", "RS256", ""})
    if (other != name) expect_refused(replace(header, name, other), payload, "its alg is not the one of this key");
  for (const std::string extra :
       {R"("jku":"https://evil.example/keys")", R"("jwk":{})", R"("x5u":"https://evil.example")", R"("x5c":[])",
        R"("crit":["exp"])", R"("zip":"DEF")", R"("b64":false)"})
    EXPECT_NE(refusal(token(replace(header, R"("typ")", extra + R"(,"typ")"), payload)), "taken") << extra;
  expect_refused(replace(header, "JWT", "JWE"), payload, "its typ is neither JWT nor at+jwt");
  expect_refused(replace(header, R"(,"kid":"k1")", ""), payload, "its header has no kid");
  expect_refused(replace(header, "k1", "k2"), payload, "its issuer and kid are not known to this tenant");
}

TEST_P(JwtTest, NoSignatureIsNoToken) {
  const auto good = token(header, payload);
  const auto unsigned_text = good.substr(0, good.rfind('.') + 1);
  EXPECT_EQ(refusal(unsigned_text), "the token is refused: its signature is wrong");
  const auto none =
      crypto::to_base64url(R"({"alg":"none","typ":"JWT","kid":"k1"})") + "." + crypto::to_base64url(payload) + ".";
  EXPECT_EQ(refusal(none), "the token is refused: its alg is not the one of this key");
}

TEST_P(JwtTest, ThePublicKeyIsNoSecret) {
  // The old trick: HMAC with the text of the public key.
  for (const auto& used : {R"({"alg":"HS256","typ":"JWT","kid":"k1"})", header.c_str()}) {
    const auto text = crypto::to_base64url(used) + "." + crypto::to_base64url(payload);
    const auto mac = crypto::hmac_sha256(issuer.public_key, text);
    EXPECT_NE(refusal(text + "." + crypto::to_base64url(crypto::view(mac))), "taken");
  }
}

TEST_P(JwtTest, NothingOfItCanBeChanged) {
  const auto good = token(header, payload);
  for (size_t i = 0; i < good.size(); i += 7) {
    auto changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(refusal(changed), "taken") << i;
  }
  const auto signature = good.substr(good.rfind('.') + 1);
  const auto elevated = crypto::to_base64url(header) + "." + crypto::to_base64url(replace(payload, "E1", "E2"));
  EXPECT_EQ(refusal(elevated + "." + signature), "the token is refused: its signature is wrong");
  for (const std::string wrong : {"", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d"}) EXPECT_NE(refusal(wrong), "taken");
  EXPECT_NE(refusal(good + "="), "taken");
  EXPECT_NE(refusal(good + "." + signature), "taken");
  EXPECT_NE(refusal(std::string(kTokenBytesMax + 1, 'a')), "taken");
  EXPECT_FALSE(hint_of(std::string(kTokenBytesMax + 1, '.')));
}

TEST_P(JwtTest, TimesCount) {
  const auto good = token(header, payload);
  EXPECT_EQ(refusal(good, kNow + 600 + 59), "taken");
  EXPECT_EQ(refusal(good, kNow + 600 + 60), "the token is refused: it has expired");
  EXPECT_EQ(refusal(good, kNow - 60), "taken");
  EXPECT_EQ(refusal(good, kNow - 61), "the token is refused: it does not hold yet (nbf)");
  expect_refused(header, replace(payload, R"(,"exp":1790000600)", ""),
                 "it has no exp, or one that is no whole number of seconds");
  for (const std::string wrong : {"1790000600.5", "\"1790000600\"", "1e10", "-1", "99999999999999999999", "null"})
    expect_refused(header, replace(payload, "1790000600", wrong),
                   "it has no exp, or one that is no whole number of seconds");
  expect_refused(header, replace(payload, "1790000600", "1790100000"), "its exp is more than 24 hours ahead");
}

TEST_P(JwtTest, AudienceIssuerAndClaimsCount) {
  expect_refused(header, replace(payload, R"("kaogong")", R"("other")"), "it is not meant for this audience");
  expect_refused(header, replace(payload, R"("aud":"kaogong",)", ""), "it is not meant for this audience");
  expect_refused(header, replace(payload, R"("kaogong")", R"(["other"])"), "it is not meant for this audience");
  expect_refused(header, replace(payload, R"("kaogong")", R"({"kaogong":1})"), "it is not meant for this audience");
  expect_refused(header, replace(payload, "id.example", "id.example.evil"),
                 "its issuer and kid are not known to this tenant");
  expect_refused(header, replace(payload, R"("role":"employee")", R"("role":"tenant_admin")"),
                 "tokens of this issuer may not have the role tenant_admin");
  expect_refused(header, replace(payload, R"("role":"employee")", R"("role":"operator")"),
                 "tokens of this issuer may not have the role operator");
  expect_refused(header, replace(payload, R"("role":"employee",)", ""), "its role is missing or unknown");
  expect_refused(header, replace(payload, R"("employee":"E1",)", ""), "its employee is missing");
  expect_refused(header, replace(payload, R"("sub":"u1",)", ""), "its sub is missing or too long");
  expect_refused(header, payload.substr(0, payload.size() - 1) + R"(,"exp":1790000700})", "it is no JWT");
}

TEST(PublicKey, IsOfTheAlgorithmsKind) {
  for (const auto of : {TokenAlgorithm::kEdDsa, TokenAlgorithm::kEs256, TokenAlgorithm::kRs256})
    for (const auto as : {TokenAlgorithm::kEdDsa, TokenAlgorithm::kEs256, TokenAlgorithm::kRs256})
      EXPECT_EQ(is_public_key(pair_of(of).pem(), as), of == as);
  EXPECT_FALSE(is_public_key(Pair(TokenAlgorithm::kRs256, 1024).pem(), TokenAlgorithm::kRs256));
  EXPECT_FALSE(is_public_key("", TokenAlgorithm::kEdDsa));
  EXPECT_FALSE(is_public_key("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", TokenAlgorithm::kEdDsa));
}

/// Tokens through the gate.
class TokenGateTest : public GatedApiTest {
 protected:
  TokenGateTest() {
    api.routes.add(
        {.method = http::Method::kGet,
         .pattern = "/whoami",
         .operation_id = "whoami",
         .scope = tenants::Scope::kResultsOwn,
         .handler = [](Call& call) {
           json::Writer w;
           w.begin_object().member("tenant", call.tenant->id().text()).member("employee", call.caller.employee);
           w.member("actor", call.caller.actor.name).end_object();
           return answer(200, w);
         }});
  }
  std::string token(const std::string& tenant, const Pair& pair = pair_of(TokenAlgorithm::kEdDsa)) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(database.clock.now().time_since_epoch()).count();
    const auto text =
        crypto::to_base64url(R"({"alg":"EdDSA","kid":"k1"})") + "." +
        crypto::to_base64url(R"({"iss":"me","aud":"kaogong","sub":"u1","tenant":")" + tenant +
                             R"(","role":"employee","employee":"E7","exp":)" + std::to_string(seconds + 600) + "}");
    return text + "." + crypto::to_base64url(pair.sign(text));
  }
  void trust(const tenants::Tenant& tenant, const Pair& pair = pair_of(TokenAlgorithm::kEdDsa)) {
    ASSERT_OK(api.token_issuers.add(
        tenant, {"me", "k1", TokenAlgorithm::kEdDsa, pair.pem(), "kaogong", {AccessRole::kEmployee}, {}, {}}, actor));
  }
};

TEST_F(TokenGateTest, ATokenIsGoodForTheTenantThatTrustsItsIssuer) {
  const auto mine = make_tenant(), other = make_tenant();
  trust(mine);
  const auto seen = send("GET", "/whoami", {.key = token(mine.id().text())});
  EXPECT_EQ(at(seen, "/tenant"), mine.id().text());
  EXPECT_EQ(at(seen, "/employee"), "E7");
  EXPECT_EQ(at(seen, "/actor"), "jwt:u1");
  EXPECT_EQ(send("GET", "/whoami", {.key = token(other.id().text())}).status, 401);
  EXPECT_EQ(send("GET", "/whoami", {.key = token("nobody")}).status, 401);
  EXPECT_EQ(send("GET", "/whoami", {.key = token("No Tenant")}).status, 401);
  // Another tenant that trusts another key of the same name is not entered by this one.
  trust(other, Pair(TokenAlgorithm::kEdDsa));
  EXPECT_EQ(send("GET", "/whoami", {.key = token(other.id().text())}).status, 401);
}

TEST_F(TokenGateTest, ATokenIsNoKey) {
  add_keys_routes(api.routes);
  const auto tenant = make_tenant();
  trust(tenant);
  const auto refused = send("GET", "/v1/keys/self", {.key = token(tenant.id().text())});
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(fault_of_problem(refused), "");
}

TEST_F(TokenGateTest, ATokenEndsAlthoughItWasKnown) {
  const auto tenant = make_tenant();
  trust(tenant);
  const auto text = token(tenant.id().text());
  EXPECT_EQ(send("GET", "/whoami", {.key = text}).status, 200);
  ASSERT_OK(api.token_issuers.remove(tenant, "me", "k1", actor));
  api.known_callers.doubt_all();
  EXPECT_EQ(send("GET", "/whoami", {.key = text}).status, 401);
}

}  // namespace
}  // namespace kaogong::api::test
