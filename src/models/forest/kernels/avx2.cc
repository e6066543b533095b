// AVX2 and BMI2. Compiled with the flags of these (src/models/CMakeLists.txt), so it runs only where they are.
#if defined(__x86_64__)

#include <immintrin.h>

#include "models/forest/kernels/loops.h"

namespace hone {
namespace {

// Of 8 * kTables floats; the bits of `which` above them are not looked at.
template <int kTables>
__m256 FloatsAt(const float* floats, __m256i which) {
  if constexpr (kTables == 1) {
    return _mm256_permutevar8x32_ps(_mm256_load_ps(floats), which);
  } else {
    constexpr int kHalf = kTables / 2;
    const __m256 high = _mm256_castsi256_ps(_mm256_slli_epi32(which, 29 - __builtin_ctz(kTables)));
    return _mm256_blendv_ps(FloatsAt<kHalf>(floats, which), FloatsAt<kHalf>(floats + 8 * kHalf, which), high);
  }
}

// From `place`, at kLevel of a search tree (SlotSearch), to below the last level. `equal`: the lanes that met a cut
// they equal.
template <int kLevel, int kLevels>
__m256i Search(const float* tree, __m256 values, __m256i place, __m256& equal) {
  if constexpr (kLevel == kLevels) {
    return place;
  } else {
    const __m256 cuts =
        kLevel < 3 ? FloatsAt<1>(tree, place) : FloatsAt<(1 << kLevel) / 8>(tree + (1 << kLevel), place);
    const __m256i passed = _mm256_castps_si256(_mm256_cmp_ps(values, cuts, _CMP_NLE_UQ));
    equal = _mm256_or_ps(equal, _mm256_cmp_ps(values, cuts, _CMP_EQ_OQ));
    return Search<kLevel + 1, kLevels>(tree, values, _mm256_sub_epi32(_mm256_add_epi32(place, place), passed), equal);
  }
}

__m256 Rounded(const double* values) {
  return _mm256_set_m128(_mm256_cvtpd_ps(_mm256_loadu_pd(values + 4)), _mm256_cvtpd_ps(_mm256_loadu_pd(values)));
}

// Eight numbers below 256.
__m128i AsBytes(__m256i numbers) {
  const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(numbers), _mm256_extracti128_si256(numbers, 1));
  return _mm_packus_epi16(words, words);
}

struct Avx2 {
  using Bytes = std::uint8_t __attribute__((vector_size(32)));
  using Words = std::uint32_t __attribute__((vector_size(32)));

  // The mask has two bits for each cut, those of the last cut highest.
  static std::size_t Passed(const CutBlock& block, double value) {
    const __m256d v = _mm256_set1_pd(value);
    __m256i passed[4];
    for (std::size_t i = 0; i < 4; ++i) {
      passed[i] = _mm256_castpd_si256(_mm256_cmp_pd(v, _mm256_load_pd(block.cuts + 4 * i), _CMP_NLE_UQ));
    }
    const __m256i bytes =
        _mm256_packs_epi16(_mm256_packs_epi32(passed[0], passed[1]), _mm256_packs_epi32(passed[2], passed[3]));
    const auto mask = static_cast<unsigned>(_mm256_movemask_epi8(bytes)) & 0x3FFFFFFFU;
    return static_cast<std::size_t>(_mm_popcnt_u32(mask)) / 2;
  }

  template <int kLevels, bool kFloats>
  static void SearchTree(const FloatBlock* tree, const CutBlock* cuts, const double* values, std::uint8_t* ranks) {
    for (std::size_t i = 0; i < kRowsTogether; i += 8) {
      __m256 equal = _mm256_setzero_ps();
      const __m256i place = Search<0, kLevels>(tree->cuts, Rounded(values + i), _mm256_set1_epi32(1), equal);
      const __m256i rank = _mm256_sub_epi32(place, _mm256_set1_epi32(1 << kLevels));
      _mm_storel_epi64(reinterpret_cast<__m128i*>(ranks + i), AsBytes(rank));
      if constexpr (!kFloats) {
        CompareExactly<Avx2>(static_cast<std::uint32_t>(_mm256_movemask_ps(equal)), cuts, values + i, ranks + i);
      }
    }
  }
};

constexpr std::size_t kTableSlots = 16;
constexpr std::size_t kMaxTables = 4;

__m256i Load(const void* bytes) { return _mm256_load_si256(static_cast<const __m256i*>(bytes)); }

// Bit i: the row does not go right at test i of the half block. A table gives 0 for slots outside of its 16, since bit
// 7 of their index is set.
template <std::size_t kTables>
std::uint32_t NotRight(const std::uint8_t* slots, const std::uint8_t* cuts, const __m256i* tables) {
  __m256i slot = Load(slots);
  __m256i rank = _mm256_setzero_si256();
  for (std::size_t i = 0; i < kTables; ++i) {
    const __m256i index = _mm256_adds_epu8(slot, _mm256_set1_epi8(0x70));
    rank = _mm256_or_si256(rank, _mm256_shuffle_epi8(tables[i], index));
    slot = _mm256_sub_epi8(slot, _mm256_set1_epi8(kTableSlots));
  }
  const __m256i not_above = _mm256_cmpeq_epi8(_mm256_subs_epu8(rank, Load(cuts)), _mm256_setzero_si256());
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(not_above));
}

// Bit p: the row goes right at place p.
template <std::size_t kTables>
std::uint64_t GoesRight(const BlockTests& block, const __m256i* tables) {
  const std::uint64_t low = NotRight<kTables>(block.slot, block.cut, tables);
  const std::uint64_t high = NotRight<kTables>(block.slot + 32, block.cut + 32, tables);
  return ~(low | high << 32);
}

// From place 1 down six levels, four blocks at once.
__m256i Walk(__m256i rights) {
  const __m256i one = _mm256_set1_epi64x(1);
  __m256i place = one;
#pragma GCC unroll 6
  for (int level = 0; level < 6; ++level) {
    const __m256i right = _mm256_and_si256(_mm256_srlv_epi64(rights, place), one);
    place = _mm256_or_si256(_mm256_add_epi64(place, place), right);
  }
  return place;
}

template <std::size_t kTables>
void ExitsOf(const BlockTests* blocks, const std::uint32_t* which, std::size_t count, const std::uint8_t* ranks,
             std::uint32_t* exits) {
  __m256i tables[kTables];
  for (std::size_t i = 0; i < kTables; ++i) {
    const auto* const table = reinterpret_cast<const __m128i*>(ranks + i * kTableSlots);
    tables[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128(table));
  }
  const __m256i even = _mm256_setr_epi32(0, 2, 4, 6, 0, 0, 0, 0);
  alignas(32) std::uint64_t rights[kBlocksTogether];
  for (std::size_t i = 0; i < count; ++i) rights[i] = GoesRight<kTables>(blocks[which[i]], tables);
  for (std::size_t i = count; i % 4 != 0; ++i) rights[i] = 0;
  for (std::size_t i = 0; i < count; i += 4) {
    const __m128i exit = _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(Walk(Load(rights + i)), even));
    const __m128i block = _mm_slli_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(which + i)), 6);
    const __m128i place = _mm_sub_epi32(_mm_add_epi32(block, exit), _mm_set1_epi32(BlockTests::kExits));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(exits + i), place);
  }
}

void Exits(const BlockTests* blocks, const std::uint32_t* which, std::size_t count, const std::uint8_t* ranks,
           std::size_t slots, std::uint32_t* exits) {
  if (slots <= kTableSlots) return ExitsOf<1>(blocks, which, count, ranks, exits);
  if (slots <= 2 * kTableSlots) return ExitsOf<2>(blocks, which, count, ranks, exits);
  ExitsOf<kMaxTables>(blocks, which, count, ranks, exits);
}

}  // namespace

const Kernel kAvx2Kernel = {
    .rank_row = RankRow<Avx2>,
    .rank_slot = SearchSlot<Avx2>,
    .select = Select<Avx2>,
    .add_floats = AddLeaves<Avx2, float>,
    .add_doubles = AddLeaves<Avx2, double>,
    .select_leaves = 256,
    .slots_for_tree = 1,
    .batch_slots_for_tree = 3,
    .exits = Exits,
    .block_slots = kMaxTables * kTableSlots,
};

}  // namespace hone

#endif
