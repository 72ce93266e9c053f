package dev.belay.llm.mcp;

import dev.belay.llm.LlmException;

/** An MCP server cannot be started or reached, or does not answer as one. */
public final class ToolServerException extends LlmException {
  private static final long serialVersionUID = 1L;

  ToolServerException(String server, String why) {
    super("MCP server '%s' %s".formatted(server, why));
  }
}
