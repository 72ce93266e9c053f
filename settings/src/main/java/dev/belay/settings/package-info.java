/**
 * Files that people write: strict YAML whose every problem is told at once, with file, line, key
 * and what would be right. What is read, and what it means, is the business of whoever reads it.
 */
@NullMarked
package dev.belay.settings;

import org.jspecify.annotations.NullMarked;
