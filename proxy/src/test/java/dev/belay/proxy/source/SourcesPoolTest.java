package dev.belay.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.BreakerState;
import dev.belay.Endpoint;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.proxy.source.SourceStatus.State;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What all sources together make of the pool. */
class SourcesPoolTest {
  @TempDir Path directory = Path.of("");

  private final SourcesHarness sources = new SourcesHarness();
  private Path one = Path.of("");
  private Path two = Path.of("");

  @AfterEach
  void close() throws Exception {
    sources.close();
  }

  @BeforeEach
  void chooseFiles() {
    one = directory.resolve("one.txt");
    two = directory.resolve("two.txt");
  }

  private SourceSettings source(String name, Path path) {
    return new SourceSettings.OfFile(name, path, ListRules.DEFAULT);
  }

  @Test
  void isTheUnionOfWhatIsConfiguredAndAllSources() throws Exception {
    Endpoint.Traits configured = Endpoint.Traits.NONE.withRegion("EU");
    sources
        .pool()
        .replace(List.of(new Entry(ProxyAddress.parse("http://a.example:1"), configured)));
    Files.writeString(one, "a.example:1\nb.example:1\n");
    Files.writeString(two, "b.example:1\nc.example:1\n");
    sources.use(source("one", one), source("two", two));

    assertThat(sources.names())
        .containsExactlyInAnyOrder(
            "http://a.example:1", "http://b.example:1", "http://c.example:1");
    assertThat(sources.pool().upstreams().getFirst().traits()).isEqualTo(configured);
    assertThat(sources.pool().configured()).hasSize(1);
  }

  @Test
  void losesWhatASourceBroughtWhenThatIsTakenAway() throws Exception {
    sources.pool().replace(List.of(Entry.of("http://a.example:1")));
    Files.writeString(one, "a.example:1\nb.example:1\n");
    Files.writeString(two, "b.example:1\nc.example:1\n");
    sources.use(source("one", one), source("two", two));
    sources.use(source("one", one));
    assertThat(sources.names()).containsExactly("http://a.example:1", "http://b.example:1");
    sources.use();
    assertThat(sources.names()).containsExactly("http://a.example:1");
  }

  @Test
  void keepsBreakersAndRecordsThroughRefreshes() throws Exception {
    Files.writeString(one, "a.example:1\nu:1@b.example:1\n");
    sources.use(source("one", one));
    Upstream a = sources.pool().upstreams().getFirst();
    Upstream b = sources.pool().upstreams().getLast();
    a.breaker().trip();
    b.breaker().trip();

    Files.writeString(one, "c.example:1\na.example:1\nu:2@b.example:1\n");
    assertThat(sources.refresh("one").state()).isEqualTo(State.GOOD);
    sources.eventually(
        "the change", Duration.ofSeconds(5), () -> sources.pool().upstreams().size() == 3);
    assertThat(sources.pool().upstreams().get(1)).isSameAs(a);
    Upstream changed = sources.pool().upstreams().get(2);
    assertThat(changed.address().credentials().orElseThrow().password()).isEqualTo("2");
    assertThat(changed.breaker()).isSameAs(b.breaker());
    assertThat(changed.breaker().state()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void refusesTwoSourcesOfOneName() {
    assertThatThrownBy(() -> sources.use(source("one", one), source("one", two)))
        .hasMessage("two sources are named one");
    assertThat(sources.knows("one")).isFalse();
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> new SourceSettings.OfFile("a b", directory, ListRules.DEFAULT))
        .hasMessageContaining("name");
    assertThatThrownBy(() ->
            new SourceSettings.OfUrl(
                "a",
                URI.create("ftp://x/CANARY"),
                SourceSettings.Refresh.DEFAULT,
                ListRules.DEFAULT))
        .hasMessage("a source needs an http:// or https:// URL");
    assertThatThrownBy(
            () -> new SourceSettings.Refresh(Duration.ofMillis(999), Duration.ofSeconds(1), false))
        .hasMessageContaining("interval");
    assertThatThrownBy(
            () -> new SourceSettings.Refresh(Duration.ofSeconds(1), Duration.ZERO, false))
        .hasMessageContaining("timeout");
  }
}
