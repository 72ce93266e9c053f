package dev.belay.llm.mcp;

import dev.belay.llm.json.Json;
import java.time.Duration;

/** The way to one MCP server: JSON-RPC over whatever carries it. Safe for any number of threads. */
interface Channel extends AutoCloseable {

  /** How large a message of a server may be, in bytes. */
  int LARGEST = 8 << 20;

  /**
   * Asks, and waits for the answer.
   *
   * @param most how long
   * @return the result
   * @throws ToolServerException if there is none, be it that the server says why
   */
  Json.Obj ask(String method, Json.Obj parameters, Duration most) throws InterruptedException;

  /** Tells without waiting; whether it arrives is not known. */
  void tell(String method, Json.Obj parameters);

  /**
   * The version of the protocol that was agreed on. The server is told that we are ready, before
   * anything else is asked.
   */
  void agreed(String version);

  /** Ends it at once; whoever waits gets a {@link ToolServerException}. */
  @Override
  void close();
}
