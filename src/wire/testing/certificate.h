// A certificate for tests, signed by itself, with its key; made anew each time.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace hone::testing_wire {

struct CertificateFiles {
  std::string certificate, key;
};

namespace certificate_internal {

inline void AddExtension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  ASSERT_NE(extension, nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

inline X509* Sign(EVP_PKEY* key, const char* hosts) {
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600L * 24);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("hone test"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  AddExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate, NID_subject_alt_name, hosts);
  X509_sign(certificate, key, EVP_sha256());
  return certificate;
}

template <typename Write>
void WriteFile(const std::string& path, const Write& write) {
  FILE* file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr) << path;
  EXPECT_EQ(write(file), 1);
  std::fclose(file);
}

}  // namespace certificate_internal

// Writes NAME.pem and NAME.key into the folder. `password`: encrypts the key. `hosts`: whose certificate it is.
inline CertificateFiles MakeCertificate(const std::filesystem::path& folder, const std::string& name,
                                        const char* password = nullptr,
                                        const char* hosts = "IP:127.0.0.1,DNS:localhost") {
  CertificateFiles files{(folder / (name + ".pem")).string(), (folder / (name + ".key")).string()};
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = certificate_internal::Sign(key, hosts);
  certificate_internal::WriteFile(files.certificate, [&](FILE* file) { return PEM_write_X509(file, certificate); });
  certificate_internal::WriteFile(files.key, [&](FILE* file) {
    return PEM_write_PrivateKey(file, key, password != nullptr ? EVP_aes_256_cbc() : nullptr, nullptr, 0, nullptr,
                                const_cast<char*>(password));
  });
  X509_free(certificate);
  EVP_PKEY_free(key);
  return files;
}

}  // namespace hone::testing_wire
