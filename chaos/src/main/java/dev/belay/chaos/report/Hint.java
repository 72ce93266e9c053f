package dev.belay.chaos.report;

/**
 * What is probably wrong, and where.
 *
 * @param pattern what is wrong
 * @param where at which calls, or what was broken; for people
 */
public record Hint(Pattern pattern, String where) {}
