package dev.belay.process;

import java.io.IOException;
import java.io.Serial;

/** A program is not there, or is there and cannot be executed. The message names it. */
public final class ProgramMissing extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final String program;

  ProgramMissing(String program, String why) {
    super("%s %s".formatted(program, why));
    this.program = program;
  }

  /** The program as it was asked for, without its arguments. */
  public String program() {
    return program;
  }
}
