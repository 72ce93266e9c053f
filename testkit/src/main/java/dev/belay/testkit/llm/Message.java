package dev.belay.testkit.llm;

/**
 * One message of a request.
 *
 * @param role as it was sent: {@code system}, {@code user}, {@code assistant}, {@code model},
 *     {@code tool} …
 * @param text its text parts, joined by line feeds; empty where it has none
 */
public record Message(String role, String text) {}
