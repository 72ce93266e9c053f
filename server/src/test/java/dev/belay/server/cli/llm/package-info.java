@NullMarked
package dev.belay.server.cli.llm;

import org.jspecify.annotations.NullMarked;
