namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>A group of events turned from rows (event after event) into lanes (plane after plane), and back.</summary>
internal static class CircleTile
{
    /// <summary>
    /// Fills <paramref name="target"/> (planes x lanes) with rows <paramref name="first"/> .. of a matrix with that many columns; lanes
    /// beyond the last row repeat it.
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

    /// <summary>Tracks' rows as <see cref="Gather"/> turns them, with zeros for lanes beyond the last row and for fits that did not
    /// converge.</summary>
    public static unsafe void GatherConverged(ReadOnlySpan<double> rows, ReadOnlySpan<SolveStatus> statuses, int first, int lanes,
        double* target)
    {
        Gather(rows, TrackParameter.Count, first, lanes, target);
        for (int lane = 0; lane < lanes; lane++)
        {
            if (first + lane >= statuses.Length || statuses[first + lane] != SolveStatus.Converged)
            {
                target[lane] = target[lanes + lane] = target[(2 * lanes) + lane] = 0;
            }
        }
    }

    /// <summary>Adds lanes back to the rows they came from; lanes beyond the last row are dropped, and all where there are no
    /// rows.</summary>
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

    /// <summary>Adds to each column what all of <paramref name="count"/> lanes hold, event after event, so that the sum does not depend on
    /// the width.</summary>
    public static unsafe void AddColumns(Span<double> columns, int count, int lanes, double* source)
    {
        for (int i = 0; i < columns.Length; i++)
        {
            for (int lane = 0; lane < count; lane++)
            {
                columns[i] += source[(i * lanes) + lane];
            }
        }
    }
}
