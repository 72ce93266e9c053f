package dev.belay.llm.mcp;

import dev.belay.Time;
import dev.belay.llm.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A program that reads and writes one message on each line. It is read and written by threads of
 * its own, so that nobody who waits for it hangs where it does not read.
 */
final class StdioChannel implements Channel {
  private static final int PIECE = 8 << 10;
  private static final int MOST_UNREAD = 1_000;
  private static final String NOT_STARTED = "cannot be started; is its command there?";

  /** By which whoever starts a program for us says that there is none. */
  private static final Set<Integer> NO_COMMAND = Set.of(126, 127);

  private final ServerProcess process;
  private final Complaints complaints;
  private final Waiting waiting;
  private final BlockingQueue<Json.Obj> outbox = new LinkedBlockingQueue<>(MOST_UNREAD);
  private final Thread writer = Thread.ofVirtual().unstarted(this::write);

  private StdioChannel(ServerProcess process, Complaints complaints, Waiting waiting) {
    this.process = process;
    this.complaints = complaints;
    this.waiting = waiting;
  }

  /**
   * Starts the program.
   *
   * @param environment added to ours; its values never show in an error
   * @throws ToolServerException if it cannot be started
   */
  static StdioChannel start(
      String name,
      List<String> command,
      Map<String, String> environment,
      Duration grace,
      Time time) {
    ServerProcess process;
    try {
      process = ServerProcess.start(command, environment, grace, time);
    } catch (IOException none) {
      // its words hold the command, which may hold a key
      throw new ToolServerException(name, NOT_STARTED);
    }
    StdioChannel channel =
        new StdioChannel(process, new Complaints(environment.values()), new Waiting(name, time));
    channel.writer.start();
    Thread.startVirtualThread(() -> channel.complaints.listen(process.complaints()));
    Thread.startVirtualThread(channel::read);
    return channel;
  }

  @Override
  public Json.Obj ask(String method, Json.Obj parameters, Duration most)
      throws InterruptedException {
    Json.Obj answer =
        waiting.ask(
            most,
            (id, unused) -> send(Rpc.request(id, method, parameters)),
            id -> tell("notifications/cancelled", Rpc.cancelled(id)));
    return Rpc.result(waiting.server(), answer);
  }

  @Override
  public void tell(String method, Json.Obj parameters) {
    send(Rpc.notification(method, parameters));
  }

  /** What does not fit is dropped: a program that reads nothing is not asked for more. */
  private void send(Json.Obj message) {
    var unused = outbox.offer(message);
  }

  @Override
  public void agreed(String version) {
    // only HTTP repeats it
  }

  private void write() {
    try (OutputStream to = process.input()) {
      while (true) {
        to.write((outbox.take() + "\n").getBytes(StandardCharsets.UTF_8));
        to.flush();
      }
    } catch (IOException | InterruptedException gone) {
      // whoever waits is told by the reader
    }
  }

  private void read() {
    try (InputStream from = process.output()) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      byte[] buffer = new byte[PIECE];
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        int start = 0;
        for (int at = 0; at < count; at++) {
          if (buffer[at] == '\n') {
            line.write(buffer, start, at - start);
            hear(line.toString(StandardCharsets.UTF_8));
            line.reset();
            start = at + 1;
          }
        }
        line.write(buffer, start, count - start);
        if (line.size() > LARGEST) {
          waiting.over("wrote a line of more than %d bytes".formatted(LARGEST));
          close();
          return;
        }
      }
      waiting.over(ended());
    } catch (IOException closed) {
      waiting.over("was closed");
    } catch (InterruptedException given) {
      waiting.over("was given up");
    } finally {
      close();
    }
  }

  private void hear(String line) {
    Rpc.read(line)
        .ifPresent(message -> {
          Rpc.reply(message).ifPresent(this::send);
          waiting.heard(message);
        });
  }

  private String ended() throws InterruptedException {
    Optional<Integer> exit = process.exitCode();
    if (exit.filter(NO_COMMAND::contains).isPresent()) {
      return NOT_STARTED;
    }
    String code = exit.map(one -> " with exit code " + one).orElse("");
    String words = complaints.words();
    return "ended%s%s".formatted(code, words.isEmpty() ? "" : ": " + words);
  }

  @Override
  public void close() {
    waiting.over("was closed");
    writer.interrupt();
    process.close();
  }
}
