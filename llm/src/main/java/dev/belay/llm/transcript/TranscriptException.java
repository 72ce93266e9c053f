package dev.belay.llm.transcript;

/** A file is no transcript that can be read. Its message names the file and the line. */
public final class TranscriptException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int line;

  TranscriptException(String file, int line, String message) {
    super(line == 0 ? file + ": " + message : file + ":" + line + ": " + message);
    this.line = line;
  }

  TranscriptException(String file, int line, IllegalArgumentException cause) {
    super(file + ":" + line + ": " + cause.getMessage(), cause);
    this.line = line;
  }

  /** Counted from 1; 0 if it is no line's fault. */
  public int line() {
    return line;
  }
}
