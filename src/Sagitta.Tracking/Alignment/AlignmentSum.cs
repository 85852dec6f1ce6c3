namespace Sagitta.Tracking.Alignment;

/// <summary>
/// The sum of chi-square over tracks at some values of the parameters, each track at its own minimum: gradient and Gauss-Newton curvature
/// with the tracks' parameters eliminated, and how q/pT answers to the parameters.
/// </summary>
internal sealed class AlignmentSum
{
    /// <summary>A sum of nothing.</summary>
    public AlignmentSum(AlignmentParameters parameters)
    {
        int planes = parameters.Planes;
        Parameters = parameters;
        Gradient = new double[Parameters.Count];
        Curvature = new double[Parameters.Count * Parameters.Count];
        Spread = new double[Parameters.Count * Parameters.Count];
        MeanResponse = new double[Parameters.Count];
        ScaleResponse = new double[Parameters.Count];
        Hits = new int[planes];
        Rejected = new int[planes];
        Residual = new double[planes];
        Weight = new double[planes];
        SquaredPull = new double[planes];
    }

    /// <summary>The order of parameters.</summary>
    public AlignmentParameters Parameters { get; }

    /// <summary>Sum of r^T V^-1 r.</summary>
    public double ChiSquare { get; private set; }

    /// <summary>Measurements minus parameters of tracks.</summary>
    public int DegreesOfFreedom { get; private set; }

    /// <summary>Tracks in the sum.</summary>
    public int Tracks { get; private set; }

    /// <summary>Of them with a negative charge.</summary>
    public int Negative { get; private set; }

    /// <summary>Tracks that had too few planes, no minimum, or too many planes far away.</summary>
    public int Dropped { get; set; }

    /// <summary>Derivative of chi-square by the parameters.</summary>
    public double[] Gradient { get; }

    /// <summary>The Gauss-Newton second derivative of chi-square, row by row.</summary>
    public double[] Curvature { get; }

    /// <summary>Sum over tracks of the products of half their gradients, row by row: how far tracks disagree, whatever errors they
    /// state.</summary>
    public double[] Spread { get; }

    /// <summary>Sum over tracks of d(q/pT) / d(parameter) of a fit with free momentum.</summary>
    public double[] MeanResponse { get; }

    /// <summary>The same, each track divided by its q/pT: what changes the scale of momenta.</summary>
    public double[] ScaleResponse { get; }

    /// <summary>Measurements of each plane.</summary>
    public int[] Hits { get; }

    /// <summary>Measurements of each plane that were too far from their tracks.</summary>
    public int[] Rejected { get; }

    /// <summary>Sum of 1 / variance, 1/mm^2, of each plane's residual about a track fitted without it.</summary>
    public double[] Weight { get; }

    /// <summary>Sum of track minus measurement over variance.</summary>
    public double[] Residual { get; }

    /// <summary>Sum of squared residuals over variances.</summary>
    public double[] SquaredPull { get; }

    /// <summary>chi-square over degrees of freedom.</summary>
    public double ChiSquarePerDegree => ChiSquare / Math.Max(1, DegreesOfFreedom);

    /// <summary>Mean residual of a plane, mm, each track weighed by what it knows.</summary>
    public double MeanResidual(int plane) => Weight[plane] > 0 ? Residual[plane] / Weight[plane] : double.NaN;

    /// <summary>Standard deviation of the plane's residuals in the same weights, mm.</summary>
    public double ResidualWidth(int plane) => Weight[plane] > 0 ? Math.Sqrt(SquaredPull[plane] / Weight[plane]) : double.NaN;

    /// <summary>Standard deviation of the plane's residuals in units of what the fit expects.</summary>
    public double PullWidth(int plane) => Hits[plane] > 0 ? Math.Sqrt(SquaredPull[plane] / Hits[plane]) : double.NaN;

    /// <summary>
    /// Sums over all tracks. Chunks of tracks are summed in their order, so that the result has the same bits for any number of threads.
    /// </summary>
    /// <param name="model">Planes, field, material.</param>
    /// <param name="tracks">The measurements.</param>
    /// <param name="values">The parameters' values, in the order of <see cref="AlignmentParameters"/>.</param>
    /// <param name="selection">What counts as too far away.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="each">Receives each fitted track and its chi-square; null if nobody asks.</param>
    public static AlignmentSum Of(AlignmentModel model, AlignmentTracks tracks, ReadOnlySpan<double> values, AlignmentSelection selection,
        WorkerThreads threads, Action<int, EliminatedTrack>? each = null)
    {
        const int ChunkSize = 256;
        int count = tracks.Y.Length / model.Planes;
        double[] at = values.ToArray();
        AlignmentSum[] parts = new AlignmentSum[(count + ChunkSize - 1) / ChunkSize];
        EliminatedTrack[] workers = [.. Enumerable.Range(0, threads.Count).Select(_ => model.Track(at, selection))];
        threads.Run(parts.Length, (chunk, worker) =>
        {
            AlignmentSum own = new(model.Parameters);
            EliminatedTrack track = workers[worker];
            for (int t = chunk * ChunkSize; t < Math.Min(count, (chunk + 1) * ChunkSize); t++)
            {
                if (track.Fit(tracks, t))
                {
                    track.AddTo(own);
                    each?.Invoke(t, track);
                }
                else
                {
                    own.Dropped++;
                }
            }

            parts[chunk] = own;
        });
        AlignmentSum sum = new(model.Parameters);
        foreach (AlignmentSum part in parts)
        {
            sum.Add(part);
        }

        return sum;
    }

    /// <summary>Counts a track.</summary>
    public void Count(double chiSquare, int degrees, bool negative)
    {
        ChiSquare += chiSquare;
        DegreesOfFreedom += degrees;
        Tracks++;
        Negative += negative ? 1 : 0;
    }

    private void Add(AlignmentSum part)
    {
        ChiSquare += part.ChiSquare;
        DegreesOfFreedom += part.DegreesOfFreedom;
        Tracks += part.Tracks;
        Negative += part.Negative;
        Dropped += part.Dropped;
        foreach ((double[] to, double[] from) in new[] { (Gradient, part.Gradient), (Curvature, part.Curvature), (Spread, part.Spread),
            (MeanResponse, part.MeanResponse), (ScaleResponse, part.ScaleResponse), (Residual, part.Residual),
            (Weight, part.Weight), (SquaredPull, part.SquaredPull) })
        {
            System.Numerics.Tensors.TensorPrimitives.Add(to, from, to);
        }

        for (int i = 0; i < Hits.Length; i++)
        {
            Hits[i] += part.Hits[i];
            Rejected[i] += part.Rejected[i];
        }
    }
}

/// <summary>Which measurements of a track count.</summary>
/// <param name="LargestPull">A plane further from its track than this, in units of what the fit expects, leaves; the worst goes
/// first.</param>
/// <param name="FewestPlanes">A track of fewer planes is dropped.</param>
/// <param name="Widening">Factor on the pulls' bound for planes that are not in place yet, 1 in the end.</param>
internal sealed record AlignmentSelection(double LargestPull = double.PositiveInfinity, int FewestPlanes = 4, double Widening = 1);
