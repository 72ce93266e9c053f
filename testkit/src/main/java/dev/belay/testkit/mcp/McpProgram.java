package dev.belay.testkit.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/** The server as a program: a message on each line. Its arguments are its manners and its tools. */
final class McpProgram {
  private static final int EXIT_CODE = 3;

  private final McpDesk desk;
  private final Set<FaultyMcpServer.Manner> manners;
  private final OutputStream out = new FileOutputStream(FileDescriptor.out);
  private final OutputStream err = new FileOutputStream(FileDescriptor.err);
  private final ReentrantLock lock = new ReentrantLock();

  private McpProgram(McpDesk desk, Set<FaultyMcpServer.Manner> manners) {
    this.desk = desk;
    this.manners = manners;
  }

  /** Runs until its input ends. */
  public static void main(String[] arguments) throws IOException {
    Set<FaultyMcpServer.Manner> manners = EnumSet.noneOf(FaultyMcpServer.Manner.class);
    List<FaultyTool> tools = new ArrayList<>();
    for (String word : arguments) {
      if (word.startsWith("--")) {
        manners.add(FaultyMcpServer.Manner.valueOf(word.substring(2)));
      } else {
        tools.add(FaultyTool.of(word));
      }
    }
    new McpProgram(FaultyMcpServer.desk(tools, manners), manners).run();
  }

  private void run() throws IOException {
    if (manners.contains(FaultyMcpServer.Manner.STUBBORN)) {
      Runtime.getRuntime().addShutdownHook(new Thread(McpProgram::hang));
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!manners.contains(FaultyMcpServer.Manner.DEAF)) {
        String message = line;
        Thread.startVirtualThread(() -> answer(message));
      }
    }
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(String line) {
    try {
      switch (desk.act(line)) {
        case McpDesk.Act.Say(String message) -> say(message);
        case McpDesk.Act.Nothing nothing -> {}
        case McpDesk.Act.Hang hang -> {}
        case McpDesk.Act.Die(String lastWords) -> {
          err.write((lastWords + "\n").getBytes(UTF_8));
          err.flush();
          Runtime.getRuntime().halt(EXIT_CODE);
        }
        case McpDesk.Act.Flood flood -> flood();
      }
    } catch (IOException nobodyReads) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  private void say(String message) throws IOException {
    boolean noisy = manners.contains(FaultyMcpServer.Manner.NOISY);
    String before =
        noisy ? "starting up\n{\"jsonrpc\":\"2.0\",\"id\":\"p1\",\"method\":\"ping\"}\n{]\n\n" : "";
    write((before + message + "\n").getBytes(UTF_8));
  }

  private void write(byte[] bytes) throws IOException {
    lock.lock();
    try {
      out.write(bytes);
      out.flush();
    } finally {
      lock.unlock();
    }
  }

  private void flood() throws IOException {
    byte[] piece = "x".repeat(1 << 16).getBytes(UTF_8);
    while (true) {
      write(piece);
    }
  }
}
