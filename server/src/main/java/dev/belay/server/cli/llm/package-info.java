/** {@code belay llm} and {@code belay reviews}: calls to models, and people who decide them. */
@NullMarked
package dev.belay.server.cli.llm;

import org.jspecify.annotations.NullMarked;
