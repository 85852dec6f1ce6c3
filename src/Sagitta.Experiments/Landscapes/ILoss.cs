namespace Sagitta.Experiments.Landscapes;

/// <summary>A loss as a function of the flat parameter vector of a network, in double precision: all that the analyses of its curvature
/// need. Data, batch and the treatment of running averages are fixed when it is made, so equal parameters give equal values and gradients,
/// bit for bit.</summary>
internal interface ILoss
{
    /// <summary>What lies where in the vector; numbers that are not trained and padding take no part in any direction.</summary>
    ParameterLayout Layout { get; }

    /// <summary>The loss at a vector of the layout's length, and its gradient, which is zero at numbers that are not trained and at
    /// padding.</summary>
    double Gradient(ReadOnlySpan<double> parameters, Span<double> gradient);
}

/// <summary>A loss that is a mean over items (frames, groups of events), each with a gradient of its own: what training of a curve draws
/// from.</summary>
internal interface ISampledLoss
{
    ParameterLayout Layout { get; }

    int Items { get; }

    /// <summary>Adds the gradient of share times an item's loss, and returns the loss. The worker chooses scratch memory alone.</summary>
    double AddGradient(int item, int worker, double share, ParameterVector<float> parameters, ParameterVector<float> gradient);
}

/// <summary>Measures several quantities of a network at any parameters, on fixed data; points of a grid or of a path are measured at the
/// same time by several workers.</summary>
internal interface IProbe
{
    /// <summary>What is measured, in the order of the values.</summary>
    IReadOnlyList<string> Quantities { get; }

    /// <summary>Writes one value for each quantity. The worker chooses scratch memory and nothing else.</summary>
    void Measure(int worker, ReadOnlySpan<double> parameters, Span<double> values);
}

/// <summary>What a probe measured at many points.</summary>
internal abstract record MeasuredValues(IReadOnlyList<string> Quantities, double[][] Values)
{
    public double[] Of(string quantity) => Values[IndexOf(quantity)];

    public int IndexOf(string quantity) => Quantities.Index().First(q => q.Item == quantity).Index;

    /// <summary>Values of each quantity at points, of which <paramref name="place"/> writes the parameters; ranks share out the
    /// points.</summary>
    protected static double[][] Measure(IProbe probe, int points, int length, Action<int, double[]> place, WorkerThreads threads,
        IStageProgress stage, CancellationToken stop, Ranks? ranks = null)
    {
        ranks ??= Ranks.Alone;
        (int first, int count) = ranks.ShareOf(points).GetOffsetAndLength(points);
        double[][] values = [.. probe.Quantities.Select(_ => new double[points])];
        threads.Run(count, (point, worker) =>
        {
            int i = first + point;
            stop.ThrowIfCancellationRequested();
            double[] parameters = new double[length];
            double[] found = new double[values.Length];
            place(i, parameters);
            probe.Measure(worker, parameters, found);
            for (int q = 0; q < values.Length; q++)
            {
                values[q][i] = found[q];
            }

            stage.Advance();
        });
        foreach (double[] quantity in values)
        {
            ranks.GatherShares<double>(quantity, points, i => i);
        }

        return values;
    }
}
