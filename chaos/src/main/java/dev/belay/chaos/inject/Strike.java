package dev.belay.chaos.inject;

/**
 * A rule that strikes a request.
 *
 * @param policy the name of its policy
 * @param rule which rule of it, counted from 0
 * @param fault what happens
 */
public record Strike(String policy, int rule, RuleFault fault) {}
