// AVX-512 with VBMI. Compiled with the flags of these (src/models/CMakeLists.txt), so it runs only where they are.
#if defined(__x86_64__)

#if defined(__GNUC__) && !defined(__clang__)  // g++ 12 takes its own intrinsics for uninitialised
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>

#include "models/forest/kernels/loops.h"

namespace hone {
namespace {

// Of at most 32 * kTables floats.
template <std::size_t kTables>
__m512 FloatsAt(const __m512* tables, __m512i which) {
  if constexpr (kTables == 1) {
    return _mm512_permutex2var_ps(tables[0], which, tables[1]);
  } else {
    const __mmask16 high = _mm512_test_epi32_mask(which, _mm512_set1_epi32(16 * kTables));
    return _mm512_mask_mov_ps(FloatsAt<kTables / 2>(tables, which), high,
                              FloatsAt<kTables / 2>(tables + kTables, which));
  }
}

// Cuts at places of one level of a search tree (SlotSearch), all of whose lower bits are looked at.
template <int kLevel>
__m512 CutsAt(const __m512* tree, __m512i place) {
  if constexpr (kLevel < 4) return _mm512_permutexvar_ps(place, tree[0]);
  if constexpr (kLevel == 4) return _mm512_permutexvar_ps(place, tree[1]);
  if constexpr (kLevel > 4) return FloatsAt<(1 << kLevel) / 32>(tree + (1 << kLevel) / 16, place);
}

// From `place`, at kLevel, to below the last level. `equal`: the lanes that met a cut they equal.
template <int kLevel, int kLevels>
__m512i Search(const __m512* tree, __m512 values, __m512i place, __mmask16& equal) {
  if constexpr (kLevel == kLevels) {
    return place;
  } else {
    const __m512 cuts = CutsAt<kLevel>(tree, place);
    const __m512i left = _mm512_add_epi32(place, place);
    const __mmask16 passed = _mm512_cmp_ps_mask(values, cuts, _CMP_NLE_UQ);
    equal = static_cast<__mmask16>(equal | _mm512_cmp_ps_mask(values, cuts, _CMP_EQ_OQ));
    return Search<kLevel + 1, kLevels>(tree, values, _mm512_mask_add_epi32(left, passed, left, _mm512_set1_epi32(1)),
                                       equal);
  }
}

__m512 Rounded(const double* values) {
  return _mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps(_mm512_loadu_pd(values))),
                            _mm512_cvtpd_ps(_mm512_loadu_pd(values + 8)), 1);
}

struct Avx512 {
  using Bytes = std::uint8_t __attribute__((vector_size(64)));
  using Words = std::uint32_t __attribute__((vector_size(64)));

  static std::size_t Passed(const CutBlock& block, double value) {
    const __m512d v = _mm512_set1_pd(value);
    const __mmask8 low = _mm512_cmp_pd_mask(v, _mm512_load_pd(block.cuts), _CMP_NLE_UQ);
    const __mmask8 high = _mm512_mask_cmp_pd_mask(0x7F, v, _mm512_load_pd(block.cuts + 8), _CMP_NLE_UQ);
    return static_cast<std::size_t>(_mm_popcnt_u64(_mm512_kunpackb(high, low)));
  }

  template <int kLevels, bool kFloats>
  static void SearchTree(const FloatBlock* blocks, const CutBlock* cuts, const double* values, std::uint8_t* ranks) {
    constexpr int kBlocks = (1 << kLevels) / 16;
    __m512 tree[kBlocks];
    for (int i = 0; i < kBlocks; ++i) tree[i] = _mm512_load_ps(blocks[i].cuts);
    for (std::size_t i = 0; i < kRowsTogether; i += 16) {
      __mmask16 equal = 0;
      const __m512i place = Search<0, kLevels>(tree, Rounded(values + i), _mm512_set1_epi32(1), equal);
      const __m512i rank = _mm512_sub_epi32(place, _mm512_set1_epi32(1 << kLevels));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(ranks + i), _mm512_cvtepi32_epi8(rank));
      if constexpr (!kFloats) CompareExactly<Avx512>(equal, cuts, values + i, ranks + i);
    }
  }
};

__m512i Load(const void* bytes) { return _mm512_loadu_si512(bytes); }

// The rank of each test's slot, from tables of 64 slots each.
template <std::size_t kTables>
__m512i RanksAt(const __m512i* tables, __m512i slots) {
  if constexpr (kTables == 1) return _mm512_permutexvar_epi8(slots, tables[0]);
  const __m512i low = _mm512_permutex2var_epi8(tables[0], slots, tables[1]);
  if constexpr (kTables == 2) return low;
  const __m512i high = _mm512_permutex2var_epi8(tables[2], slots, tables[3]);
  return _mm512_mask_mov_epi8(low, _mm512_movepi8_mask(slots), high);
}

// From place 1 down six levels, eight blocks at once; bit p of `rights` says whether the row goes right at place p.
__m512i Walk(__m512i rights) {
  constexpr int kOrAnd = 0xF8;  // a | (b & c)
  const __m512i one = _mm512_set1_epi64(1);
  __m512i place = one;
#pragma GCC unroll 6
  for (int level = 0; level < 6; ++level) {
    const __m512i shifted = _mm512_srlv_epi64(rights, place);
    place = _mm512_ternarylogic_epi64(_mm512_add_epi64(place, place), shifted, one, kOrAnd);
  }
  return place;
}

template <std::size_t kTables>
void ExitsOf(const BlockTests* blocks, const std::uint32_t* which, std::size_t count, const std::uint8_t* ranks,
             std::uint32_t* exits) {
  __m512i tables[kTables];
  for (std::size_t i = 0; i < kTables; ++i) tables[i] = Load(ranks + i * 64);
  alignas(64) std::uint64_t rights[kBlocksTogether];
  for (std::size_t i = 0; i < count; ++i) {
    const BlockTests& block = blocks[which[i]];
    rights[i] = _mm512_cmpgt_epu8_mask(RanksAt<kTables>(tables, Load(block.slot)), Load(block.cut));
  }
  for (std::size_t i = count; i % 8 != 0; ++i) rights[i] = 0;
  for (std::size_t i = 0; i < count; i += 8) {
    const __m256i exit = _mm512_cvtepi64_epi32(Walk(Load(rights + i)));
    const __m256i block = _mm256_slli_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(which + i)), 6);
    const __m256i place = _mm256_sub_epi32(_mm256_add_epi32(block, exit), _mm256_set1_epi32(BlockTests::kExits));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(exits + i), place);
  }
}

void Exits(const BlockTests* blocks, const std::uint32_t* which, std::size_t count, const std::uint8_t* ranks,
           std::size_t slots, std::uint32_t* exits) {
  if (slots <= 64) return ExitsOf<1>(blocks, which, count, ranks, exits);
  if (slots <= 128) return ExitsOf<2>(blocks, which, count, ranks, exits);
  ExitsOf<4>(blocks, which, count, ranks, exits);
}

// Of at most 16 * kTables doubles, looked up in registers.
template <std::size_t kTables>
__m512d DoublesAt(const __m512d* tables, __m512i which) {
  if constexpr (kTables == 1) {
    return _mm512_permutex2var_pd(tables[0], which, tables[1]);
  } else {
    const __mmask8 high = _mm512_test_epi64_mask(which, _mm512_set1_epi64(8 * kTables));
    return _mm512_mask_mov_pd(DoublesAt<kTables / 2>(tables, which), high,
                              DoublesAt<kTables / 2>(tables + kTables, which));
  }
}

template <std::size_t kTables>
void AddDoublesFrom(const double* leaves, const std::uint8_t* which, double* sums) {
  __m512d tables[2 * kTables];
  for (std::size_t i = 0; i < 2 * kTables; ++i) tables[i] = _mm512_loadu_pd(leaves + 8 * i);
  for (std::size_t i = 0; i < kRowsTogether; i += 8) {
    const __m512i at = _mm512_cvtepu8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(which + i)));
    _mm512_storeu_pd(sums + i, _mm512_add_pd(_mm512_loadu_pd(sums + i), DoublesAt<kTables>(tables, at)));
  }
}

void AddDoubles(const double* leaves, std::size_t count, const std::uint8_t* which, double* sums) {
  if (count <= 16) return AddDoublesFrom<1>(leaves, which, sums);
  if (count <= 32) return AddDoublesFrom<2>(leaves, which, sums);
  if (count <= 64) return AddDoublesFrom<4>(leaves, which, sums);
  AddLeaves<Avx512>(leaves, count, which, sums);
}

template <std::size_t kTables>
void AddFloatsFrom(const float* leaves, const std::uint8_t* which, float* sums) {
  __m512 tables[2 * kTables];
  for (std::size_t i = 0; i < 2 * kTables; ++i) tables[i] = _mm512_loadu_ps(leaves + 16 * i);
  for (std::size_t i = 0; i < kRowsTogether; i += 16) {
    const __m512i at = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(which + i)));
    _mm512_storeu_ps(sums + i, _mm512_add_ps(_mm512_loadu_ps(sums + i), FloatsAt<kTables>(tables, at)));
  }
}

void AddFloats(const float* leaves, std::size_t count, const std::uint8_t* which, float* sums) {
  if (count <= 32) return AddFloatsFrom<1>(leaves, which, sums);
  if (count <= 64) return AddFloatsFrom<2>(leaves, which, sums);
  if (count <= 128) return AddFloatsFrom<4>(leaves, which, sums);
  AddLeaves<Avx512>(leaves, count, which, sums);
}

}  // namespace

const Kernel kAvx512Kernel = {
    .rank_row = RankRow<Avx512>,
    .rank_slot = SearchSlot<Avx512>,
    .select = Select<Avx512>,
    .add_floats = AddFloats,
    .add_doubles = AddDoubles,
    .select_leaves = 256,
    .slots_for_tree = 1,
    .batch_slots_for_tree = 4,
    .exits = Exits,
    .block_slots = kBlockSlots,
};

}  // namespace hone

#endif
