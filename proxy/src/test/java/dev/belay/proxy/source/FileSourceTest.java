package dev.belay.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.proxy.Upstream;
import dev.belay.proxy.source.SourceStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list of proxies in a file, and what becomes of it when the file changes. */
class FileSourceTest {
  @TempDir Path directory = Path.of("");

  private final SourcesHarness sources = new SourcesHarness();
  private Path file = Path.of("");

  @AfterEach
  void close() throws Exception {
    sources.close();
  }

  @BeforeEach
  void chooseFile() {
    file = directory.resolve("proxies.txt");
  }

  private SourceSettings source() {
    return new SourceSettings.OfFile("mine", file, ListRules.DEFAULT);
  }

  private void awaitNames(String... names) {
    sources.eventually(
        String.join(", ", names),
        Duration.ofSeconds(10),
        () -> sources.names().equals(List.of(names)));
  }

  @Test
  void isThereWhenItIsFirstUsed() throws Exception {
    Files.writeString(file, "a.example:1\nnonsense\nb.example:2\n");
    sources.use(source());

    assertThat(sources.names()).containsExactly("http://a.example:1", "http://b.example:2");
    assertThat(sources.status().state()).isEqualTo(State.GOOD);
    assertThat(sources.status().proxies()).isEqualTo(2);
    assertThat(sources.status().refused())
        .singleElement()
        .satisfies(refused -> assertThat(refused.place()).isEqualTo("line 2"));
  }

  @Test
  void aChangeIsTakenUpWithinTwoSeconds() throws Exception {
    Files.writeString(file, "a.example:1\n");
    sources.use(source());
    Files.writeString(file, "b.example:1\n");

    sources.eventually(
        "the change",
        Duration.ofSeconds(2),
        () -> sources.names().equals(List.of("http://b.example:1")));
  }

  @Test
  void anAtomicReplaceIsTakenUp() throws Exception {
    Files.writeString(file, "a.example:1\n");
    sources.use(source());
    Path next = directory.resolve("next.txt");
    Files.writeString(next, "b.example:1\n");
    // same size, same time: only the file is another one
    Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

    awaitNames("http://b.example:1");
  }

  @Test
  void whoeverWritesInPiecesIsLetFinish() throws Exception {
    Files.writeString(file, "a.example:1\n");
    sources.use(source());
    List<List<String>> seen = new ArrayList<>();
    Files.writeString(file, "");
    for (int i = 0; i < 40; i++) {
      Files.writeString(file, "h%02d.example:1\n".formatted(i), StandardOpenOption.APPEND);
      seen.add(sources.names());
      LockSupport.parkNanos(50_000_000);
    }
    sources.eventually("the whole list", Duration.ofSeconds(3), () -> sources.names().size() == 40);
    assertThat(seen).allMatch(names -> names.equals(List.of("http://a.example:1")));
  }

  @Test
  void staysAsItWasWhileTheFileIsGoneOrNoGood() throws Exception {
    Files.writeString(file, "a.example:1\n");
    sources.use(source());
    Files.delete(file);
    sources.eventually(
        "that it is gone", Duration.ofSeconds(5), () -> sources.status().state() == State.STALE);
    assertThat(sources.status().message()).contains("there is no file");

    Files.write(file, new byte[] {0, 1, 2, 3});
    sources.eventually(
        "that it is binary",
        Duration.ofSeconds(5),
        () -> sources.status().message().equals("the list is binary"));
    assertThat(sources.refresh("mine").state()).isEqualTo(State.STALE);
    assertThat(sources.names()).containsExactly("http://a.example:1");
    assertThat(sources.status().proxies()).isEqualTo(1);

    Files.writeString(file, "nonsense\n");
    sources.eventually(
        "that nothing in it is a proxy",
        Duration.ofSeconds(5),
        () -> sources.status().message().contains("line 1"));
    assertThat(sources.names()).containsExactly("http://a.example:1");

    Files.writeString(file, "b.example:1\n");
    awaitNames("http://b.example:1");
    assertThat(sources.refresh("mine").state()).isEqualTo(State.GOOD);
    assertThat(sources.status().message()).isEmpty();
  }

  @Test
  void onlyComesWhenItIsThere() throws Exception {
    sources.use(source());
    assertThat(sources.status().state()).isEqualTo(State.FAILED);
    Files.writeString(file, "a.example:1\n");
    awaitNames("http://a.example:1");
  }

  @Test
  void anEmptyFileIsAnEmptyList() throws Exception {
    Files.writeString(file, "a.example:1\n");
    sources.use(source());
    Files.writeString(file, "# none today\n");
    awaitNames();
    assertThat(sources.refresh("mine").state()).isEqualTo(State.GOOD);
  }

  @Test
  void isRefusedIfItIsTooLargeOrNoFile() throws Exception {
    Files.write(file, new byte[ProxyList.MOST_BYTES + 1]);
    sources.use(source());
    assertThat(sources.status().message()).isEqualTo("the list is larger than 10 MB");

    sources.use(new SourceSettings.OfFile("directory", directory, ListRules.DEFAULT));
    assertThat(sources.status().state()).isEqualTo(State.FAILED);
  }

  @Test
  void mayHoldTenThousandProxies() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append("h%d.example:80:us:p@ss%d\n".formatted(i, i));
    }
    Files.writeString(file, text);
    sources.use(source());
    assertThat(sources.pool().upstreams()).hasSize(10_000);
    List<Upstream> before = sources.pool().upstreams();

    Files.writeString(file, text + "another.example:1\n");
    sources.eventually(
        "one more", Duration.ofSeconds(10), () -> sources.pool().upstreams().size() == 10_001);
    assertThat(sources.pool().upstreams().subList(0, 10_000)).isEqualTo(before);
  }
}
