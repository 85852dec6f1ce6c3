using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>All that is asked of the Hessian of a loss at a model.</summary>
internal static class CurvatureAnalysis
{
    // The error that a product may have before a shorter step is tried, and how often that is done.
    private const double WantedError = 1e-6;

    // How much rounding a step that is much shorter may bring along a random direction.
    private const double LargestRounding = 3e-6;
    private const int MostAttempts = 5;

    public static CurvatureResult Run(ILoss loss, double[] centre, CurvatureOptions options, bool whole, RandomKey key,
        IStageProgress stage, CancellationToken stop)
    {
        ParameterSpace space = new(loss.Layout);
        double[] gradient = new double[centre.Length];
        double value = loss.Gradient(centre, gradient);
        stop.ThrowIfCancellationRequested();
        var step = DifferenceStep.Find(loss, centre, space.Gaussian(key.Split("step")));
        WatchedMap map;
        Eigenpairs lanczos;
        Eigenpairs? power = null;
        DifferenceStep leading;
        double leadingError;

        // Leading directions move few sensitive weights far and straddle kinks at steps where random directions do not. Such a kink can
        // itself be what Lanczos or power iteration found; along it no step is good, and only a shorter one for all makes it disappear.
        for (int attempt = 0; ; attempt++)
        {
            map = new(new HessianProduct(loss, centre, step.Step), stage);
            lanczos = LanczosEigenpairs.Find(map, space, key.Split("lanczos"), options.Eigenpairs, options.Tolerance,
                options.MostSteps, stop);
            leading = DifferenceStep.Find(loss, centre, lanczos.Leading[0].Vector);
            leadingError = leading.ErrorAt(step.Step);
            double far = Math.Min(leading.Step, step.Step / DifferenceStep.Ratio);
            double shorter = step.ErrorAt(far) <= LargestRounding ? far : step.Step / DifferenceStep.Ratio;

            // Where rounding is larger than what is wanted, a shorter step mends no more.
            double wanted = Math.Max(WantedError, step.Error);
            bool last = attempt == MostAttempts || double.IsInfinity(step.ErrorAt(shorter));
            if (whole && (last || leadingError <= wanted))
            {
                power = PowerIteration.Find(map, space, key.Split("power"), options.Eigenpairs, options.PowerTolerance,
                    options.PowerIterations, stop);
                leadingError = Math.Max(leadingError, DifferenceStep.Find(loss, centre, power.Leading[0].Vector).ErrorAt(step.Step));
            }

            if (last || leadingError <= wanted)
            {
                break;
            }

            step = step with { Step = shorter, Error = step.ErrorAt(shorter) };
        }

        CurvatureResult result = new()
        {
            Loss = value,
            GradientNorm = TensorPrimitives.Norm<double>(gradient),
            Dimensions = space.Dimensions,
            Step = step,
            LeadingError = leadingError,
            LeadingLadder = leading.Ladder,
            Asymmetry = Asymmetry(map, lanczos.Leading[0].Vector, space.Gaussian(key.Split("asymmetry"))),
            Lanczos = lanczos,
        };
        return whole
            ? result with
            {
                Power = power,
                Trace = HutchinsonTrace.Estimate(map, space, key.Split("trace"), options.Probes, stop),
                Density = SpectralDensity.Estimate(map, space, key.Split("density"), options.DensityProbes, options.DensitySteps, stop),
            }
            : result;
    }

    private static double[] Product(ISymmetricMap map, double[] vector)
    {
        double[] product = new double[map.Length];
        map.Apply(vector, product);
        return product;
    }

    // Along the leading eigenvector plus a random direction of its length the two products share large and small eigenvalues.
    private static double Asymmetry(ISymmetricMap map, double[] leading, double[] random)
    {
        TensorPrimitives.Divide(random, TensorPrimitives.Norm<double>(random), random);
        double[] u = new double[leading.Length];
        double[] v = new double[leading.Length];
        TensorPrimitives.Add<double>(leading, random, u);
        TensorPrimitives.Subtract<double>(leading, random, v);
        double there = TensorPrimitives.Dot<double>(u, Product(map, v));
        double back = TensorPrimitives.Dot<double>(v, Product(map, u));
        return Math.Abs(there - back) / Math.Max(1e-300, (Math.Abs(there) + Math.Abs(back)) / 2);
    }

    private sealed class WatchedMap(ISymmetricMap inner, IStageProgress stage) : ISymmetricMap
    {
        public int Length => inner.Length;

        public void Apply(ReadOnlySpan<double> vector, Span<double> result)
        {
            inner.Apply(vector, result);
            stage.Advance();
        }
    }
}

/// <summary>The curvature of a loss at a model.</summary>
internal sealed record CurvatureResult
{
    public required double Loss { get; init; }
    /// <summary>Length of the gradient there.</summary>
    public required double GradientNorm { get; init; }
    /// <summary>Frames whose loss has a slope at the scores, of losses that hold it; null for others.</summary>
    public int? ActiveFrames { get; init; }
    public required int Dimensions { get; init; }
    /// <summary>The step of Hessian-vector products, with its error along a random direction.</summary>
    public required DifferenceStep Step { get; init; }
    /// <summary>Relative difference of the products with the leading eigenvector at that step and at a quarter of it.</summary>
    public required double LeadingError { get; init; }
    /// <summary>The same at all steps tried.</summary>
    public required IReadOnlyList<StepError> LeadingLadder { get; init; }
    /// <summary>|u H v - v H u| relative to their mean size, of the sum and the difference of the leading eigenvector and a random
    /// direction: 0 for a symmetric matrix.</summary>
    public required double Asymmetry { get; init; }
    public required Eigenpairs Lanczos { get; init; }
    /// <summary>The same by power iteration; null where not asked for.</summary>
    public Eigenpairs? Power { get; init; }
    /// <summary>The trace; null where not asked for.</summary>
    public HutchinsonTrace? Trace { get; init; }
    /// <summary>The spectral density; null where not asked for.</summary>
    public SpectralDensity? Density { get; init; }
}

/// <summary>The curvature of one loss at one model, and whether the model was trained on that loss.</summary>
internal sealed record ModelCurvature(ModelName Model, string Loss, bool Own, CurvatureResult Result);
