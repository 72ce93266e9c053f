package dev.belay.llm.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.VirtualTime;
import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Part;
import dev.belay.llm.Usage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
  private final VirtualTime time = new VirtualTime();
  private final Map<String, CacheStore.Entry> table = new HashMap<>();
  private final CacheStore store =
      new CacheStore() {
        @Override
        public Optional<Entry> find(String key) {
          return Optional.ofNullable(table.get(key));
        }

        @Override
        public void put(String key, Entry entry) {
          table.put(key, entry);
        }
      };

  private static LlmResponse answer(String text) {
    return new LlmResponse(
        "id-1",
        "m",
        List.of(
            new LlmResponse.Choice(
                text, List.of(new Part.ToolCall("c", "look", "{}")), "", Finish.STOP)),
        new Usage(5, 7, 2),
        "");
  }

  private AnswerCache cache(int entries, long characters) {
    return new AnswerCache(
        new AnswerCache.Settings(Duration.ofMinutes(1), entries, characters), store, time);
  }

  @Test
  void keepsAnAnswerForAsLongAsItMay() {
    AnswerCache cache = cache(10, 10_000);
    cache.store("k", answer("Rhine"));

    assertThat(cache.find("k")).contains(answer("Rhine"));
    time.advance(Duration.ofSeconds(59));
    assertThat(cache.find("k")).isPresent();
    time.advance(Duration.ofSeconds(1));
    assertThat(cache.find("k")).isEmpty();
  }

  @Test
  void theOneThatWasNotUsedForLongestGoesFirst() {
    AnswerCache cache = cache(2, 10_000);
    cache.store("a", answer("A"));
    cache.store("b", answer("B"));
    cache.find("a");
    cache.store("c", answer("C"));
    table.clear();

    assertThat(cache.find("a")).isPresent();
    assertThat(cache.find("b")).isEmpty();
    assertThat(cache.find("c")).isPresent();
  }

  @Test
  void doesNotGrowBeyondItsSize() {
    AnswerCache cache = cache(100, 1_000);
    cache.store("a", answer("a".repeat(600)));
    cache.store("b", answer("b".repeat(600)));
    cache.store("huge", answer("h".repeat(5_000)));
    table.clear();

    assertThat(cache.find("a")).isEmpty();
    assertThat(cache.find("b")).isPresent();
    assertThat(cache.find("huge")).isEmpty();
  }

  @Test
  void whatIsNotInMemoryComesFromTheStore() {
    cache(10, 10_000).store("k", answer("Rhine"));

    AnswerCache later = cache(10, 10_000);

    assertThat(later.find("k")).contains(answer("Rhine"));
    time.advance(Duration.ofMinutes(1));
    assertThat(cache(10, 10_000).find("k")).isEmpty();
  }

  @Test
  void aStoreThatIsDamagedOrFailsIsAsGoodAsNone() {
    table.put("k", new CacheStore.Entry("{\"id\":1}", time.instant().plusSeconds(9)));
    AnswerCache cache = cache(10, 10_000);
    assertThat(cache.find("k")).isEmpty();

    AnswerCache broken =
        new AnswerCache(
            AnswerCache.Settings.DEFAULT,
            new CacheStore() {
              @Override
              public Optional<Entry> find(String key) {
                throw new IllegalStateException("gone");
              }

              @Override
              public void put(String key, Entry entry) {
                throw new IllegalStateException("gone");
              }
            },
            time);
    broken.store("k", answer("Rhine"));
    assertThat(broken.find("k")).isPresent();
    assertThat(broken.find("other")).isEmpty();
    assertThat(broken.counts().failures()).isEqualTo(2);
    assertThat(cache.counts().failures()).isEqualTo(1);
  }

  @Test
  void requestsThatDifferInAnythingAreNotEqual() {
    AnswerCache cache = cache(10, 10_000);
    LlmRequest request = LlmRequest.of("smart", "hello");
    List<LlmRequest> others =
        List.of(
            LlmRequest.of("other", "hello"),
            LlmRequest.of("smart", "Hello"),
            request.toBuilder().temperature(0.5).build(),
            request.toBuilder().maxTokens(7).build(),
            request.toBuilder().stop(List.of("x")).build());

    assertThat(cache.key(LlmRequest.of("smart", "hello"))).isEqualTo(cache.key(request));
    assertThat(others)
        .extracting(cache::key)
        .doesNotHaveDuplicates()
        .doesNotContain(cache.key(request));
    assertThat(cache.key(request)).matches("[0-9a-f]{64}");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnswerCache.Settings(Duration.ZERO, 1, 1_000))
        .withMessageContaining("time_to_live");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnswerCache.Settings(Duration.ofDays(1), 0, 1_000))
        .withMessageContaining("entries must be 1 to 1000000, was 0");
  }

  @Test
  void theRateCountsWhatAskedNoProvider() {
    assertThat(new CacheCounts(8, 1, 1, 1, 0, 0).hitRate()).isEqualTo(0.9);
    assertThat(new CacheCounts(0, 0, 0, 0, 0, 0).hitRate()).isZero();
  }
}
