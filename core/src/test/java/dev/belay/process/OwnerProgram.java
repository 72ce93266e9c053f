package dev.belay.process;

import dev.belay.Time;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Starts a program, tells its number and ends when its input does, without ending the program. */
final class OwnerProgram {
  private OwnerProgram() {}

  public static void main(String[] arguments) throws IOException {
    ProcessTree tree = Program.of(List.of("/bin/sleep", "300")).start(Time.system());
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write((tree.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    int unused = System.in.read();
  }
}
