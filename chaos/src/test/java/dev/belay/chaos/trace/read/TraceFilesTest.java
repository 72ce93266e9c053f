package dev.belay.chaos.trace.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFilesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  /** One trace as Jaeger's query service answers it. */
  private static String jaeger(String trace) {
    return """
    {"data":[{"traceID":"%s","processes":{"p1":{"serviceName":"cart"}},"spans":[
      {"traceID":"%s","spanID":"00f067aa0ba902b7","operationName":"GET /","processID":"p1",
       "startTime":1,"duration":2,"references":[]}]}]}
    """
        .formatted(trace, trace)
        .replace("\n", "");
  }

  private static byte[] packed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream packing = new GZIPOutputStream(bytes)) {
      packing.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void allFilesOfADirectoryAreReadInWhateverFormTheyAre() throws Exception {
    Files.writeString(folder.resolve("a.json"), jaeger("4bf92f3577b34da6a3ce929d0e0e4731"));
    Files.write(folder.resolve("b.json.gz"), packed(jaeger("4bf92f3577b34da6a3ce929d0e0e4732")));
    Files.writeString(
        folder.resolve("c.jsonl"),
        jaeger("4bf92f3577b34da6a3ce929d0e0e4733")
            + "\n\n"
            + jaeger("4bf92f3577b34da6a3ce929d0e0e4734")
            + "\n");
    Files.writeString(folder.resolve("notes.txt"), "no traces");
    Files.createDirectory(folder.resolve("d.json"));

    assertThat(TraceFiles.read(folder))
        .extracting(trace -> trace.spans().getFirst().id().trace())
        .containsExactly(
            "4bf92f3577b34da6a3ce929d0e0e4731",
            "4bf92f3577b34da6a3ce929d0e0e4732",
            "4bf92f3577b34da6a3ce929d0e0e4733",
            "4bf92f3577b34da6a3ce929d0e0e4734");
    assertThat(TraceFiles.read(folder.resolve("a.json"))).hasSize(1);
  }

  @Test
  void whatCannotBeReadIsNamed() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.json"), "{");

    assertThatThrownBy(() -> TraceFiles.read(folder))
        .isInstanceOf(UnreadableSpans.class)
        .hasMessageStartingWith(broken + ": ");
    Files.delete(broken);
    assertThatThrownBy(() -> TraceFiles.read(folder)).hasMessageContaining("no .json, .jsonl");
    assertThatThrownBy(() -> TraceFiles.read(broken)).hasMessageEndingWith(": is not there");
    Path empty = Files.writeString(folder.resolve("empty.json"), "{}");
    assertThatThrownBy(() -> TraceFiles.read(empty)).hasMessageEndingWith("no spans are in it");
  }

  @Test
  void tooMuchIsRefused() throws Exception {
    Path large = folder.resolve("large.jsonl");
    Files.write(large, new byte[ReadLimits.DEFAULT.bytes() + 1]);

    assertThatThrownBy(() -> TraceFiles.read(large))
        .isInstanceOfSatisfying(
            UnreadableSpans.class, refused -> assertThat(refused.tooLarge()).isTrue());
    Files.delete(large);
    for (int i = 0; i <= 1_000; i++) {
      Files.createFile(folder.resolve(i + ".json"));
    }
    assertThatThrownBy(() -> TraceFiles.read(folder)).hasMessageEndingWith("more than 1000 files");
  }
}
