package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsWatchTest {
  private static final Duration EVERY = Duration.ofSeconds(2);

  @TempDir private Path directory;

  private final VirtualTime time = new VirtualTime();
  private Path file;
  private long changes;

  @BeforeEach
  void begin() throws IOException {
    file = directory.resolve("models.yaml");
    write("interactive");
  }

  private void write(String preset) throws IOException {
    Files.writeString(
        file, "lovable_patterns: {p1_dynamic_retry_delays: {preset: %s}}\n".formatted(preset));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000 + 5_000 * changes++));
  }

  private SettingsWatch watch() throws IOException {
    return new SettingsWatch(file, EVERY, time, Runnable::run);
  }

  @Test
  void swapsInWhatChanged() throws IOException {
    try (SettingsWatch watch = watch()) {
      write("batch");
      assertThat(watch.get().delays().preset()).isEqualTo(Preset.INTERACTIVE);

      time.advance(EVERY);

      assertThat(watch.get().delays().preset()).isEqualTo(Preset.BATCH);
      assertThat(watch.problem()).isEmpty();
    }
  }

  @Test
  void keepsTheLastGoodOneAndSaysWhy() throws IOException {
    try (SettingsWatch watch = watch()) {
      ModelsFile good = watch.get();
      write("fast");
      time.advance(EVERY);

      assertThat(watch.get()).isSameAs(good);
      assertThat(watch.problem()).get().asString().contains("must be one of interactive");

      Files.delete(file);
      time.advance(EVERY);
      assertThat(watch.problem()).get().asString().contains("cannot be read");

      write("legacy");
      time.advance(EVERY);
      assertThat(watch.get().delays().preset()).isEqualTo(Preset.LEGACY);
      assertThat(watch.problem()).isEmpty();
    }
  }

  @Test
  void looksNoMoreWhenClosed() throws IOException {
    SettingsWatch watch = watch();
    watch.close();
    write("batch");

    time.run();

    assertThat(watch.get().delays().preset()).isEqualTo(Preset.INTERACTIVE);
    assertThat(watch.refresh()).isTrue();
    assertThat(watch.refresh()).isFalse();
  }

  @Test
  void refusesToBeginWithABadFile() throws IOException {
    write("fast");

    assertThatThrownBy(this::watch).isInstanceOf(SettingsException.class);
  }
}
