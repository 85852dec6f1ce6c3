namespace Sagitta.Reconstruction.Fitting.Lanes;

/// <summary>A group of events turned from rows (event after event) into lanes (plane after plane), and back.</summary>
internal static class CircleTile
{
    /// <summary>
    /// Fills <paramref name="target"/> (planes x lanes) with rows <paramref name="first"/> .. of a matrix with that many columns; lanes beyond the last
    /// row repeat it.
    /// </summary>
    public static unsafe void Gather(ReadOnlySpan<double> rows, int columns, int first, int lanes, double* target)
    {
        int count = Math.Min(lanes, (rows.Length / columns) - first);
        fixed (double* source = rows)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                double* row = source + ((long)(first + Math.Min(lane, count - 1)) * columns);
                for (int i = 0; i < columns; i++)
                {
                    target[(i * lanes) + lane] = row[i];
                }
            }
        }
    }

    /// <summary>Adds lanes back to the rows they came from; lanes beyond the last row are dropped.</summary>
    public static unsafe void AddTo(Span<double> rows, int columns, int first, int lanes, double* source)
    {
        int count = Math.Min(lanes, (rows.Length / columns) - first);
        fixed (double* target = rows)
        {
            for (int lane = 0; lane < count; lane++)
            {
                double* row = target + ((long)(first + lane) * columns);
                for (int i = 0; i < columns; i++)
                {
                    row[i] += source[(i * lanes) + lane];
                }
            }
        }
    }
}
