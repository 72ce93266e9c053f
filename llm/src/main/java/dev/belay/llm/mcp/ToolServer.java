package dev.belay.llm.mcp;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.json.Json;
import java.time.Duration;
import java.util.List;

/** A server of tools that is there for one call. Safe for any number of threads. */
interface ToolServer extends AutoCloseable {

  /**
   * A tool as its server describes it.
   *
   * @param name as the server calls it, which may be more than a provider takes
   * @param parameters a JSON Schema of an object
   */
  record Offer(String name, String description, Json.Obj parameters) {
    /** Rejects null. */
    public Offer {
      requireNonNull(name, "name");
      requireNonNull(description, "description");
      requireNonNull(parameters, "parameters");
    }
  }

  /**
   * What a tool gave back.
   *
   * @param error whether it says that it failed
   */
  record Answer(String text, boolean error) {
    /** Rejects null. */
    public Answer {
      requireNonNull(text, "text");
    }
  }

  /**
   * All its tools.
   *
   * @param most how long it may take for each page of them
   * @throws ToolServerException if it does not say
   */
  List<Offer> list(Duration most) throws InterruptedException;

  /**
   * Runs a tool.
   *
   * @param most how long it may take
   * @throws ToolServerException if the server brings no answer
   */
  Answer call(String tool, Json.Obj arguments, Duration most) throws InterruptedException;

  /** Ends it; at once for whoever waits, and for good soon after. */
  @Override
  void close();
}
