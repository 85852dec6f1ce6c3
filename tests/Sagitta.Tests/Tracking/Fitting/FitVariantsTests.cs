namespace Sagitta.Tests.Tracking.Fitting;

/// <summary>What holds for every way to fit: independent planes, full covariance, a vertex, outliers weighed down, and all of it.</summary>
public sealed class FitVariantsTests
{
    private static readonly Detector Toy = DetectorFile.Load("toy16");
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(Toy);
    private static readonly TrackMaterial Material = new(Toy);
    private static readonly int Planes = Geometry.PlaneCount;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    public void Random_events_have_finite_tracks_and_gradients_and_those_with_ten_planes_converge(bool covariance, bool vertex, bool robust)
    {
        // Near-straight and strongly curved tracks, missing and barely present planes, some outliers.
        const int Events = 10_000;
        TrackSample sample = new(Geometry, Events, seed: 71, lowPt: 3, highPt: 1e6, noise: 1, missing: 0.35);
        RandomDraws draws = RandomKey.FromSeed(72).Draws();
        for (int k = 0; k < sample.Centroid.Length; k++)
        {
            sample.Presence[k] *= draws.NextUniform() < 0.05 ? 1e-9 : 1;
            sample.Centroid[k] += draws.NextUniform() < 0.01 ? draws.NextUniform(-2, 2) : 0;
        }

        CircleFitOptions options = new() { Vertex = vertex ? new(0, 1 / (60.0 * 60)) : new() };
        using Tape<double> tape = new();
        Tensor<double> centroid = tape.Leaf(sample.Centroid, Events, Planes);
        Tensor<double> sigma = tape.Leaf(sample.Sigma, Events, Planes);
        Tensor<double> presence = tape.Leaf(sample.Presence, Events, Planes);
        PlaneShifts shifts = new(
            tape.Leaf(Enumerable.Range(0, Planes).Select(i => 0.3 * Math.Sin(i)).ToArray(), 1, Planes),
            tape.Leaf(Enumerable.Range(0, Planes).Select(i => 0.01 * Math.Cos(2 * i)).ToArray(), 1, Planes));
        CircleFit first = new(Geometry, options);
        ImplicitSolution track = first.Apply(centroid, sigma, presence, shifts);
        Tensor<double> counted = presence;
        if (robust)
        {
            RobustFit fit = new(Geometry, new(), options);
            ImplicitSolution judged = fit.Apply(centroid, sigma, presence, shifts, track.Value);
            counted = OutlierPresence.Apply(Geometry, fit.Robust, judged.Value, judged.Statuses, centroid, sigma, presence, shifts);
            track = first.Apply(centroid, sigma, counted, shifts);
        }

        if (covariance)
        {
            track = new CorrelatedFit(Geometry, Material, options).Apply(centroid, sigma, counted, shifts, track.Value);
        }

        int many = 0, converged = 0;
        for (int e = 0; e < Events; e++)
        {
            bool fitted = track.Statuses[e] == SolveStatus.Converged;
            Assert.True(Enum.IsDefined(track.Statuses[e]));
            int present = 0;
            for (int i = 0; i < Planes; i++)
            {
                present += counted.Values[(e * Planes) + i] >= 0.1 ? 1 : 0;
            }

            many += present >= 10 ? 1 : 0;
            converged += present >= 10 && fitted ? 1 : 0;
        }

        tape.Backward(TrackFunction.Of(track.Value));
        Assert.All(track.Value.Values.ToArray(), value => Assert.True(double.IsFinite(value)));
        foreach (Tensor<double> leaf in (Tensor<double>[])[centroid, sigma, presence, shifts.Z, shifts.Y])
        {
            double[] gradient = leaf.Gradient.ToArray();
            Assert.All(gradient, value => Assert.True(double.IsFinite(value)));
            Assert.Contains(gradient, value => value != 0);
        }

        Assert.True(many > 3000 && converged >= 0.999 * many, $"{converged} of {many}");
    }
}
