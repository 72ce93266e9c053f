package dev.belay.chaos.propose;

/** A symmetric positive definite matrix as the product of a triangle and its mirror image. */
final class Cholesky {
  private final double[][] lower;

  private Cholesky(double[][] lower) {
    this.lower = lower;
  }

  /** Of a matrix of which only the lower triangle is read. */
  static Cholesky of(double[][] matrix) {
    double[][] lower = new double[matrix.length][];
    for (int i = 0; i < matrix.length; i++) {
      double[] row = new double[i + 1];
      lower[i] = row;
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j];
        double[] other = lower[j];
        for (int k = 0; k < j; k++) {
          sum -= row[k] * other[k];
        }
        row[j] = j < i ? sum / other[j] : Math.sqrt(Math.max(sum, 1e-10));
      }
    }
    return new Cholesky(lower);
  }

  /** Half the logarithm of the determinant. */
  double halfLogDeterminant() {
    double sum = 0;
    for (int i = 0; i < lower.length; i++) {
      sum += Math.log(lower[i][i]);
    }
    return sum;
  }

  /** What the triangle makes of {@code result} is {@code right}. */
  double[] forward(double[] right) {
    double[] result = right.clone();
    for (int i = 0; i < result.length; i++) {
      double[] row = lower[i];
      double sum = result[i];
      for (int k = 0; k < i; k++) {
        sum -= row[k] * result[k];
      }
      result[i] = sum / row[i];
    }
    return result;
  }

  /** What the matrix makes of the result is {@code right}. */
  double[] solve(double[] right) {
    double[] result = forward(right);
    for (int i = result.length - 1; i >= 0; i--) {
      result[i] /= lower[i][i];
      for (int k = 0; k < i; k++) {
        result[k] -= lower[i][k] * result[i];
      }
    }
    return result;
  }

  /** The lower triangle of the inverse of the matrix. */
  double[][] inverse() {
    int size = lower.length;
    double[][] columns = new double[size][];
    for (int j = 0; j < size; j++) {
      double[] unit = new double[size];
      unit[j] = 1;
      columns[j] = forward(unit);
    }
    double[][] inverse = new double[size][];
    for (int i = 0; i < size; i++) {
      inverse[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = i; k < size; k++) {
          sum += columns[i][k] * columns[j][k];
        }
        inverse[i][j] = sum;
      }
    }
    return inverse;
  }
}
