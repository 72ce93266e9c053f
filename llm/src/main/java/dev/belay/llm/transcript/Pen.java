package dev.belay.llm.transcript;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.form.RequestForm;
import dev.belay.llm.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the lines of one call into its file, as long as there is room in it. For one thread at a
 * time.
 */
final class Pen {
  /** For the mark that something is missing, and the end. */
  private static final int RESERVE = 12 << 10;

  private static final int SHORTEST_TEXT = 100;

  private final TranscriptFolder folder;
  private final TranscriptSettings settings;
  private final String id;
  private @Nullable Path file;
  private long written;
  private boolean cut;

  Pen(TranscriptFolder folder, TranscriptSettings settings, String id) {
    this.folder = folder;
    this.settings = settings;
    this.id = id;
  }

  /**
   * What became of some lines.
   *
   * @param lines of them that are in the file
   * @param error of the first that could not be put into words
   */
  record Written(int lines, Optional<RuntimeException> error) {}

  /** Writes them at once, so that they are there all or, if the machine dies, up to some point. */
  Written write(List<TranscriptLine> lines) throws IOException {
    ByteArrayOutputStream batch = new ByteArrayOutputStream();
    int kept = 0;
    Optional<RuntimeException> error = Optional.empty();
    for (TranscriptLine line : lines) {
      try {
        kept += add(line, batch) ? 1 : 0;
      } catch (RuntimeException unwritable) {
        if (line instanceof TranscriptLine.Call) {
          throw unwritable; // a file without its beginning could not be read
        }
        error = error.isPresent() ? error : Optional.of(unwritable);
        cut(line, "error", batch);
      }
    }
    put(lines.getFirst(), batch.toByteArray());
    return new Written(kept, error);
  }

  private void put(TranscriptLine first, byte[] content) throws IOException {
    if (content.length == 0) {
      return;
    }
    Path known = file;
    if (known == null) {
      file = folder.create(first.at(), id, content);
    } else {
      TranscriptFolder.append(known, content);
    }
    written += content.length;
  }

  /** Whether it is in the batch itself, and not only a mark in its place. */
  private boolean add(TranscriptLine line, ByteArrayOutputStream batch) {
    long left = settings.mostBytes() - RESERVE - written - batch.size();
    boolean always = line instanceof TranscriptLine.End || line instanceof TranscriptLine.Truncated;
    if (cut && !(line instanceof TranscriptLine.End)) {
      return false;
    }
    byte[] bytes = line instanceof TranscriptLine.Call call ? fitting(call, left) : bytes(line);
    if (bytes.length > left && !always) {
      cut(line, "bytes", batch);
      return false;
    }
    cut |= line instanceof TranscriptLine.Truncated;
    batch.writeBytes(bytes);
    return true;
  }

  private void cut(TranscriptLine line, String why, ByteArrayOutputStream batch) {
    if (!cut) {
      cut = true;
      batch.writeBytes(bytes(new TranscriptLine.Truncated(line.at(), why)));
    }
  }

  private byte[] bytes(TranscriptLine line) {
    return bytes(line, settings.longestText());
  }

  private static byte[] bytes(TranscriptLine line, int longestText) {
    String text = Kept.json(LineWriter.write(line), longestText).toString();
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Without its first line a file is nothing: of a request that is too large, less is kept. */
  private byte[] fitting(TranscriptLine.Call call, long left) {
    for (int longest = settings.longestText(); longest >= SHORTEST_TEXT; longest /= 4) {
      byte[] bytes = bytes(call, longest);
      if (bytes.length <= left) {
        return bytes;
      }
    }
    LlmRequest less = LlmRequest.of(call.asked().model(), Kept.tooLarge());
    return bytes(
        new TranscriptLine.Call(
            call.at(),
            call.id(),
            call.origin(),
            RequestForm.write(less),
            Json.of(List.of()),
            call.terms()),
        SHORTEST_TEXT);
  }
}
