package dev.belay.llm.transcript;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in a file of transcripts. Immutable.
 *
 * @param transcripts in order; {@link Transcripts} writes one into each file, and files may be put
 *     together
 * @param cutOff whether the last line is only the beginning of one and was left out: the program
 *     that wrote it died there
 */
public record TranscriptFile(List<Transcript> transcripts, boolean cutOff) {
  /** No larger file is read, in bytes. */
  public static final long LARGEST = 256L << 20;

  /** Keeps a copy. */
  public TranscriptFile {
    transcripts = List.copyOf(transcripts);
  }

  /**
   * Reads a file.
   *
   * @throws TranscriptException that names the line, if it holds anything else
   * @throws IOException if it cannot be read
   */
  public static TranscriptFile read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > LARGEST) {
      throw new TranscriptException(
          file.toString(), 0, "must be at most %d bytes, was %d".formatted(LARGEST, size));
    }
    return parse(file.toString(), Files.readAllBytes(file));
  }

  /**
   * Reads what is in a file.
   *
   * @param name of the file, for messages
   * @throws TranscriptException as {@link #read}
   */
  public static TranscriptFile parse(String name, byte[] content) {
    requireNonNull(name, "name");
    return new Parsing(name).parse(content);
  }

  /** Goes through the lines of one file. For one thread. */
  private static final class Parsing {
    private final String name;
    private final List<Transcript> done = new ArrayList<>();
    private final List<TranscriptLine> lines = new ArrayList<>();
    private boolean cutOff;

    Parsing(String name) {
      this.name = name;
    }

    TranscriptFile parse(byte[] content) {
      int number = 0;
      int start = 0;
      while (start < content.length) {
        int end = start;
        while (end < content.length && content[end] != '\n') {
          end++;
        }
        line(++number, content, start, end);
        start = end + 1;
      }
      finish();
      if (done.isEmpty() && !cutOff) {
        throw new TranscriptException(name, 0, "holds no transcript");
      }
      return new TranscriptFile(done, cutOff);
    }

    private void line(int number, byte[] content, int start, int end) {
      try {
        add(TranscriptLine.read(Json.parse(text(content, start, end))));
      } catch (JsonException | CharacterCodingException broken) {
        // a line is written together with its end: one without an end is a part of one
        if (end == content.length) {
          cutOff = true;
        } else {
          throw new TranscriptException(name, number, "is no JSON: " + broken.getMessage());
        }
      } catch (IllegalArgumentException wrong) {
        throw new TranscriptException(name, number, wrong);
      }
    }

    private static String text(byte[] content, int start, int end) throws CharacterCodingException {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(content, start, end - start))
          .toString();
    }

    private void add(TranscriptLine line) {
      if (line instanceof TranscriptLine.Call) {
        finish();
      } else if (lines.isEmpty()) {
        throw new IllegalArgumentException("the first line must be of type call");
      } else if (lines.getLast() instanceof TranscriptLine.End) {
        throw new IllegalArgumentException("the call has ended in the line before");
      }
      lines.add(line);
    }

    private void finish() {
      if (!lines.isEmpty()) {
        done.add(new Transcript(lines));
        lines.clear();
      }
    }
  }
}
