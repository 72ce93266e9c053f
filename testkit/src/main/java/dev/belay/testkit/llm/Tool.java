package dev.belay.testkit.llm;

/**
 * A tool that a request offered.
 *
 * @param name its name; empty where it has none
 * @param description what it is good for; may be empty
 * @param schema the JSON schema of its arguments as JSON text; {@code {}} where there is none
 */
public record Tool(String name, String description, String schema) {}
