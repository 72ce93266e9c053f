/**
 * Who carries out an attempt: the agent command lines, any other program, and any endpoint that
 * speaks as OpenAI's does. A backend makes one attempt and says how it ended; it never tries again
 * and never waits for anything but its agent.
 */
@NullMarked
package dev.belay.flow.backend;

import org.jspecify.annotations.NullMarked;
