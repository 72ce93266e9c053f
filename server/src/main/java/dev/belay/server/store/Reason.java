package dev.belay.server.store;

import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.sqlite.SQLiteException;

/**
 * Why a database failed, in words. Never the text of a driver, which may quote a URL with its
 * password: only codes, and what a PostgreSQL server itself says.
 */
final class Reason {
  private Reason() {}

  static String of(Throwable failure) {
    Throwable found = failure;
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) {
        return sqlite(sqlite);
      }
      if (cause instanceof PSQLException postgres) {
        return postgres(postgres);
      }
      if (cause instanceof FileSystemException file) {
        return "%s: %s".formatted(file.getFile(), file.getClass().getSimpleName());
      }
      found = cause;
    }
    return found instanceof SQLTransientConnectionException
        ? "no connection became free in time"
        : found.getClass().getSimpleName();
  }

  private static String sqlite(SQLiteException failure) {
    String code = failure.getResultCode().name();
    return switch (failure.getErrorCode() & 0xff) {
      case 13 -> "the disk is full (%s)".formatted(code);
      case 10 -> "the disk cannot be read or written (%s)".formatted(code);
      case 8 -> "the file cannot be written (%s)".formatted(code);
      case 14 -> "the file cannot be opened (%s)".formatted(code);
      case 5, 6 -> "another program holds the file (%s)".formatted(code);
      case 11, 26 -> "the file is damaged (%s)".formatted(code);
      default -> code;
    };
  }

  private static String postgres(PSQLException failure) {
    ServerErrorMessage said = failure.getServerErrorMessage();
    String state = String.valueOf(failure.getSQLState());
    String text = said == null ? null : said.getMessage();
    if (text != null) {
      return "the server says: %s (%s)".formatted(text, state);
    }
    return state.startsWith("08")
        ? "the server cannot be reached (%s)".formatted(state)
        : "the server failed (%s)".formatted(state);
  }

  /** Whether the file is no database, or a damaged one. */
  static boolean isDamage(SQLException failure) {
    int code = failure.getErrorCode() & 0xff;
    return failure instanceof SQLiteException && (code == 11 || code == 26);
  }

  /** Whether trying again cannot help: a wrong user, password or database. */
  static boolean isLasting(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return failure instanceof PSQLException && (state.startsWith("28") || state.equals("3D000"));
  }
}
