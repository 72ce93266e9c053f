package dev.belay.llm.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The sources that an answer is held against, read once. Immutable. */
final class Corpus {
  private static final int MOST_FILES = 1000;
  private static final int MOST_DEEP = 16;

  private final String joined;
  private final List<Words> sources;

  private Corpus(List<Words> sources) {
    this.sources = sources;
    StringBuilder all = new StringBuilder();
    for (Words source : sources) {
      all.append(source.joined()).append('\n'); // nothing reaches from one source into the next
    }
    joined = all.toString();
  }

  static Corpus of(Params params) {
    int most = params.whole("max_bytes", 4 << 20, 1, 64 << 20);
    List<String> texts = new ArrayList<>(params.textsOrNone("texts"));
    for (String pattern : params.textsOrNone("files")) {
      Path root =
          params
              .corpusRoot()
              .orElseThrow(
                  () -> params.bad("files", "left out, because no folder is allowed for it"));
      texts.addAll(read(params, root, pattern, most));
    }
    if (texts.isEmpty()) {
      throw params.bad("texts", "given, or files, or both");
    }
    long bytes =
        texts.stream().mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length).sum();
    if (bytes > most) {
      throw new IllegalArgumentException(
          "%s: the sources have %d bytes, and may have max_bytes, which is %d"
              .formatted(params.type(), bytes, most));
    }
    return new Corpus(texts.stream().map(Words::of).toList());
  }

  /** Links are followed only as far as they stay in the folder. */
  private static List<String> read(Params params, Path folder, String pattern, int most) {
    try {
      Path root = folder.toRealPath();
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      List<Path> files;
      try (Stream<Path> all = Files.walk(root, MOST_DEEP, new FileVisitOption[0])) {
        files =
            all.filter(file -> matcher.matches(root.relativize(file)))
                .filter(Files::isRegularFile)
                .sorted()
                .limit(MOST_FILES)
                .toList();
      }
      List<String> texts = new ArrayList<>();
      for (Path file : files) {
        if (file.toRealPath().startsWith(root)) {
          if (Files.size(file) > most) {
            throw params.bad("files", "files of at most %d bytes".formatted(most));
          }
          texts.add(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        }
      }
      if (texts.isEmpty()) {
        throw params.bad("files", "names of files in the allowed folder");
      }
      return texts;
    } catch (IOException | java.util.regex.PatternSyntaxException broken) {
      throw params.bad("files", "readable (%s)".formatted(broken.getMessage()));
    }
  }

  /** Whether these words stand next to each other in a source. */
  boolean has(Words words) {
    return words.all().isEmpty() || joined.contains(words.joined());
  }

  /** All runs of this many words. */
  Set<String> grams(int length) {
    Set<String> grams = new HashSet<>();
    for (Words source : sources) {
      for (int i = 0; i + length <= source.all().size(); i++) {
        grams.add(source.gram(i, length));
      }
    }
    return grams;
  }
}
