/**
 * Runs the tools of MCP servers on our side, for providers that have no place for such servers: the
 * model is offered them as ordinary functions, and asked again with what they gave back.
 */
@NullMarked
package dev.belay.llm.mcp;

import org.jspecify.annotations.NullMarked;
