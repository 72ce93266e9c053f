package dev.belay.chaos.trace.read;

import dev.belay.chaos.trace.ServiceMap;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Traces that lie in a file, or in the files of a directory: whatever {@link SpanReader} reads, as
 * {@code .json}, as {@code .jsonl} or {@code .ndjson} with a document in each line, or as {@code
 * .pb} with an OTLP request. Each may be packed, with {@code .gz} behind its name. Safe for any
 * number of threads.
 */
public final class TraceFiles {
  private static final int MOST_FILES = 1_000;
  private static final int MOST_SPANS = 200_000;
  private static final Pattern ENDING = Pattern.compile(".*\\.(json|jsonl|ndjson|pb)(\\.gz)?");
  private static final Pattern LINES = Pattern.compile(".*\\.(jsonl|ndjson)(\\.gz)?");
  private static final Pattern PROTOBUF = Pattern.compile(".*\\.pb(\\.gz)?");

  private TraceFiles() {}

  /**
   * All traces of a file or a directory; at most 1,000 files, each within the usual limits, and
   * 200,000 spans. Other files of a directory, and directories in it, are passed over.
   *
   * @throws UnreadableSpans if there is nothing to read, or not in one of these forms, or too much;
   *     says which file
   */
  public static List<Trace> read(Path path) throws UnreadableSpans {
    try {
      List<Span> spans = new ArrayList<>();
      for (Path file : files(path)) {
        add(file, spans);
      }
      if (spans.isEmpty()) {
        throw UnreadableSpans.wrong(path + ": no spans are in it");
      }
      return SpanReader.traces(spans);
    } catch (NoSuchFileException missing) {
      throw UnreadableSpans.wrong(path + ": is not there");
    } catch (IOException broken) {
      throw UnreadableSpans.wrong("%s: %s".formatted(path, broken.getMessage()));
    }
  }

  /**
   * Who calls whom in the traces of a file or a directory.
   *
   * @param now when the map is made
   * @throws UnreadableSpans as {@link #read}, and if no service calls another one
   */
  public static ServiceMap survey(Path path, Instant now) throws UnreadableSpans {
    ServiceMap map = ServiceMap.of(read(path), now);
    if (map.topology().isEmpty()) {
      throw UnreadableSpans.wrong(path + ": no call between two services is in it");
    }
    return map;
  }

  private static List<Path> files(Path path) throws IOException, UnreadableSpans {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(path)) {
      files =
          all.filter(file -> ENDING.matcher(file.toString()).matches())
              .filter(Files::isRegularFile)
              .sorted()
              .limit(MOST_FILES + 1L)
              .toList();
    }
    if (files.isEmpty()) {
      throw UnreadableSpans.wrong(path + ": no .json, .jsonl, .ndjson or .pb is in it");
    }
    if (files.size() > MOST_FILES) {
      throw UnreadableSpans.large("%s: more than %d files".formatted(path, MOST_FILES));
    }
    return files;
  }

  private static void add(Path file, List<Span> spans) throws IOException, UnreadableSpans {
    try {
      spans.addAll(spans(file));
      if (spans.size() > MOST_SPANS) {
        throw UnreadableSpans.large("more than %d spans in all".formatted(MOST_SPANS));
      }
    } catch (UnreadableSpans wrong) {
      String where = "%s: %s".formatted(file, wrong.reason());
      throw wrong.tooLarge() ? UnreadableSpans.large(where) : UnreadableSpans.wrong(where);
    }
  }

  private static List<Span> spans(Path file) throws IOException, UnreadableSpans {
    ReadLimits limits = ReadLimits.DEFAULT;
    SpanReader reader = new SpanReader(limits);
    byte[] bytes;
    try (InputStream content = Files.newInputStream(file)) {
      bytes = content.readNBytes(limits.bytes() + 1); // one more, and the reader says so
    }
    if (PROTOBUF.matcher(file.toString()).matches()) {
      return reader.protobuf(bytes);
    }
    if (!LINES.matcher(file.toString()).matches()) {
      return reader.json(bytes);
    }
    byte[] plain = Gzip.isPacked(bytes) ? Gzip.unpacked(bytes, limits.bytes()) : bytes;
    if (plain.length > limits.bytes()) {
      throw UnreadableSpans.large("more than %d bytes".formatted(limits.bytes()));
    }
    List<Span> spans = new ArrayList<>();
    String[] lines = new String(plain, StandardCharsets.UTF_8).split("\n", -1);
    for (String line : lines) {
      if (!line.isBlank()) {
        spans.addAll(reader.json(line.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return spans;
  }
}
