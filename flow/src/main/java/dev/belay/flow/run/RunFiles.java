package dev.belay.flow.run;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of runs: what agents said, and results for prompts to point at. Safe for any number of
 * threads, as long as one at a time writes for a task.
 */
final class RunFiles {
  private static final long LARGEST_LOG = 64L << 20;
  private static final int LARGEST_TAIL = 4 << 20;

  private final Path root;

  RunFiles(Path root) {
    this.root = root;
  }

  private Path log(String run, String task) {
    return root.resolve(run).resolve(task + ".log");
  }

  /** Adds a line to what the agents of a task said, unless that is very long already. */
  void append(String run, String task, String line) {
    Path file = log(run, task);
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(root.resolve(run));
      } else if (Files.size(file) > LARGEST_LOG) {
        return;
      }
      write(file, line + "\n", true);
    } catch (IOException full) {
      throw new UncheckedIOException("cannot write " + file, full);
    }
  }

  /** The last lines of it. */
  List<String> tail(String run, String task, int lines) {
    Path file = log(run, task);
    if (!Files.exists(file)) {
      return List.of();
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long start = Math.max(0, in.length() - LARGEST_TAIL);
      in.seek(start);
      byte[] bytes = new byte[(int) (in.length() - start)];
      in.readFully(bytes);
      List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException gone) {
      throw new UncheckedIOException("cannot read " + file, gone);
    }
  }

  /** Where a result is, for prompts to point at; written down if it is not there yet. */
  Path result(String run, String task, String text) {
    Path file = root.resolve(run).resolve(task + ".result.txt").toAbsolutePath();
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(root.resolve(run));
        write(file, text, false);
      }
      return file;
    } catch (IOException full) {
      throw new UncheckedIOException("cannot write " + file, full);
    }
  }

  /** By streams that an interrupted thread may use as well. */
  private static void write(Path file, String text, boolean append) throws IOException {
    try (FileOutputStream out = new FileOutputStream(file.toFile(), append)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
