package dev.belay.llm.mcp;

import dev.belay.Time;
import dev.belay.llm.json.Json;
import dev.belay.process.Inherited;
import dev.belay.process.ProcessTree;
import dev.belay.process.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A program that reads and writes one message on each line. It is read and written by threads of
 * its own, so that nobody who waits for it hangs where it does not read.
 */
final class StdioChannel implements Channel {
  private static final int PIECE = 8 << 10;
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final int MOST_UNREAD = 1_000;
  private static final String NOT_STARTED = "cannot be started; is its command there?";

  /** By which whoever starts a program for us says that there is none. */
  private static final Set<Integer> NO_COMMAND = Set.of(126, 127);

  private final ProcessTree process;
  private final Complaints complaints;
  private final Waiting waiting;
  private final BlockingQueue<Json.Obj> outbox = new LinkedBlockingQueue<>(MOST_UNREAD);
  private final Thread writer = Thread.ofVirtual().unstarted(this::write);
  private final Thread reader = Thread.ofVirtual().unstarted(this::read);
  private final Thread listener = Thread.ofVirtual().unstarted(this::listen);

  private StdioChannel(ProcessTree process, Complaints complaints, Waiting waiting) {
    this.process = process;
    this.complaints = complaints;
    this.waiting = waiting;
  }

  /**
   * Starts the program.
   *
   * @param environment added to what of ours is harmless; its values never show in an error
   * @throws ToolServerException if it cannot be started
   */
  static StdioChannel start(
      String name,
      List<String> command,
      Map<String, String> environment,
      Duration grace,
      Time time) {
    ProcessTree process;
    try {
      process =
          Program.of(command)
              .with(environment)
              .inheriting(Inherited.HARMLESS)
              .endingWithin(grace)
              .start(time);
    } catch (IOException none) {
      // its words hold the command, which may hold a key
      throw new ToolServerException(name, NOT_STARTED);
    }
    StdioChannel channel =
        new StdioChannel(process, new Complaints(environment.values()), new Waiting(name, time));
    channel.writer.start();
    channel.reader.start();
    channel.listener.start();
    Thread.startVirtualThread(channel::watch);
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
    tell(Rpc.READY, Json.EMPTY);
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
    } catch (IOException closed) {
      // its end says the rest
    } finally {
      process.close(); // one that says nothing any more is of no use
    }
  }

  private void listen() {
    complaints.listen(process.complaints());
  }

  /** A child that it leaves behind may hold its streams open, which are not waited for then. */
  private void watch() {
    try {
      int code = process.exitCode();
      boolean heard = reader.join(LAST_WORDS) && listener.join(LAST_WORDS);
      waiting.over(ended(code, heard ? complaints.words() : ""));
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

  private static String ended(int code, String words) {
    return NO_COMMAND.contains(code)
        ? NOT_STARTED
        : "ended with exit code %d%s".formatted(code, words.isEmpty() ? "" : ": " + words);
  }

  @Override
  public void close() {
    waiting.over("was closed");
    writer.interrupt();
    process.close();
  }
}
