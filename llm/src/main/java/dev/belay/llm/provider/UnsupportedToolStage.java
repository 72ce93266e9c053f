package dev.belay.llm.provider;

import dev.belay.llm.LlmException;

/** MCP servers were to go with a call, and the provider has no place for them. */
public final class UnsupportedToolStage extends LlmException {
  private static final long serialVersionUID = 1L;

  UnsupportedToolStage(String provider, String server, String why) {
    super(
        "%s cannot take MCP server '%s': %s; use another provider, or mcp: skip"
            .formatted(provider, server, why));
  }
}
