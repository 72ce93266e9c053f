/**
 * A scripted server of tools (Model Context Protocol) that fails, for tests of whatever uses one:
 * as a program that talks over its standard streams, or by HTTP on a real socket.
 *
 * <pre>{@code
 * List<String> command =
 *     FaultyMcpServer.command(FaultyTool.answering("weather", "rain"), FaultyTool.hanging("slow"));
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package dev.belay.testkit.mcp;
