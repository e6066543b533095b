#include "base/sha256.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

// FIPS 180-4 examples and the NIST long-message vector.
TEST(Sha256, MatchesThePublishedVectors) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesMakeTheSameHashAsTheWhole) {
  Sha256 hash;
  hash.Update("a");
  hash.Update("");
  hash.Update("bc");
  EXPECT_EQ(hash.Hex(), Sha256Hex("abc"));
}

TEST(Sha256, WordsAreLittleEndianAndTextsAreDelimited) {
  Sha256 word;
  word.UpdateWord(0x0807060504030201ULL);
  EXPECT_EQ(word.Hex(), Sha256Hex("\x01\x02\x03\x04\x05\x06\x07\x08"));
  Sha256 number;
  number.UpdateDouble(1.0);
  EXPECT_EQ(number.Hex(), Sha256Hex(std::string("\0\0\0\0\0\0\xf0\x3f", 8)));
  Sha256 a;
  a.UpdateText("ab");
  a.UpdateText("c");
  Sha256 b;
  b.UpdateText("a");
  b.UpdateText("bc");
  EXPECT_NE(a.Hex(), b.Hex());
}

TEST(Sha256, KnowsTheFormOfAHash) {
  EXPECT_TRUE(IsSha256Hex(Sha256Hex("")));
  EXPECT_FALSE(IsSha256Hex(""));
  EXPECT_FALSE(IsSha256Hex(std::string(64, 'g')));
  EXPECT_FALSE(IsSha256Hex(std::string(64, 'A')));
  EXPECT_FALSE(IsSha256Hex("../" + std::string(61, 'a')));
}

}  // namespace
}  // namespace hone
