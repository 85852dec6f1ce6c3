using MathNet.Numerics.LinearAlgebra;

namespace Sagitta.Tests.Tracking.Fitting;

/// <summary>What fits say of themselves, against the equations of the summary in matrices.</summary>
public sealed class TrackQualityTests
{
    private const int Events = 4;
    private static readonly Detector Toy = DetectorFile.Load("toy16");
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(Toy);
    private static readonly TrackMaterial Material = new(Toy);
    private static readonly int Planes = Geometry.PlaneCount;
    private static readonly TrackSample Sample = new(Geometry, Events, seed: 38, lowPt: 4, highPt: 30, noise: 2, missing: 0.2);

    [Theory]
    [InlineData(0)]
    [InlineData(0.002)]
    public void Diagonal_fits_state_the_spread_of_independent_planes_and_with_material_that_of_scattering_too(double vertexWeight)
    {
        CircleFitOptions options = new() { Vertex = new(5, vertexWeight) };
        TrackQuality[] independent = new TrackQuality[Events];
        TrackQuality[] scattered = new TrackQuality[Events];
        TrackQuality.OfDiagonalFits(Geometry, null, options, Sample.Truth, new SolveStatus[Events], Sample.Centroid, Sample.Sigma,
            Sample.Presence, independent);
        TrackQuality.OfDiagonalFits(Geometry, Material, options, Sample.Truth, new SolveStatus[Events], Sample.Centroid, Sample.Sigma,
            Sample.Presence, scattered);
        for (int e = 0; e < Events; e++)
        {
            Linear(e, loss: 0, out Matrix<double> jacobian, out Vector<double> residual, out Matrix<double> weights,
                out Matrix<double> scattering);
            double fromVertex = Sample.Truth[3 * e] - 5;
            Matrix<double> information = jacobian.TransposeThisAndMultiply(weights) * jacobian;
            information[0, 0] += vertexWeight;
            Matrix<double> inverse = information.Inverse();
            Matrix<double> influence = inverse * jacobian.Transpose() * weights;
            Matrix<double> errors = Matrix<double>.Build.DenseOfDiagonalArray([.. Sample.Sigma[(e * Planes)..((e + 1) * Planes)]
                .Select(sigma => sigma * sigma)]);
            double spread = (influence * (errors + scattering) * influence.Transpose())[2, 2]
                + (vertexWeight * inverse[2, 0] * inverse[2, 0]);
            double chiSquare = (residual * weights * residual) + (vertexWeight * fromVertex * fromVertex);
            Same(Math.Sqrt(inverse[2, 2]), independent[e].QOverPtError);
            Same(Math.Sqrt(spread), scattered[e].QOverPtError);
            Same(chiSquare, independent[e].ChiSquare);
            Same(chiSquare, scattered[e].ChiSquare);
            Assert.Equal(Sample.Presence[(e * Planes)..((e + 1) * Planes)].Count(p => p > 0), scattered[e].Planes);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.002)]
    public void Full_fits_state_the_bound_and_the_chi_square_of_their_covariance(double vertexWeight)
    {
        double[] first = [.. Sample.Truth.Select((value, k) => k % 3 == 2 ? 1.1 * value : value)];
        TrackQuality[] full = new TrackQuality[Events];
        TrackQuality.OfCorrelatedFits(Geometry, Material, new() { Vertex = new(5, vertexWeight) }, Sample.Truth, new SolveStatus[Events],
            first, Sample.Centroid, Sample.Sigma, Sample.Presence, full);
        for (int e = 0; e < Events; e++)
        {
            double m = first[(3 * e) + 2];
            Linear(e, m * Math.Abs(m), out Matrix<double> jacobian, out Vector<double> residual, out Matrix<double> weights,
                out Matrix<double> scattering);
            Matrix<double> root = weights.PointwiseSqrt();
            Matrix<double> inverse = root
                * (Matrix<double>.Build.DenseIdentity(Planes) + (root * scattering * 1.21 * root)).Inverse() * root;
            Matrix<double> information = jacobian.TransposeThisAndMultiply(inverse) * jacobian;
            information[0, 0] += vertexWeight;
            double fromVertex = Sample.Truth[3 * e] - 5;
            Same(Math.Sqrt(information.Inverse()[2, 2]), full[e].QOverPtError);
            Same((residual * inverse * residual) + (vertexWeight * fromVertex * fromVertex), full[e].ChiSquare);
        }
    }

    [Fact]
    public void Failed_fits_state_nothing_but_their_planes()
    {
        TrackQuality[] qualities = new TrackQuality[Events];
        SolveStatus[] statuses = [SolveStatus.Converged, SolveStatus.NotConverged, SolveStatus.Converged, SolveStatus.Singular];
        TrackQuality.OfDiagonalFits(Geometry, Material, new(), Sample.Truth, statuses, Sample.Centroid, Sample.Sigma, Sample.Presence,
            qualities);
        Assert.Equal([false, true, false, true], qualities.Select(quality => double.IsNaN(quality.QOverPtError)));
        TrackQuality.OfCorrelatedFits(Geometry, Material, new(), Sample.Truth, statuses, Sample.Truth, Sample.Centroid, Sample.Sigma,
            Sample.Presence, qualities);
        Assert.Equal([false, true, false, true], qualities.Select(quality => double.IsNaN(quality.ChiSquare)));
        Assert.All(qualities, quality => Assert.InRange(quality.Planes, 4, Planes));
    }

    private static void Same(double expected, double actual) => Assert.Equal(expected, actual, 1e-7 * expected);

    // Derivatives and residuals of one event's track, weights p / sigma^2 and the covariance by scattering at its momentum.
    private static void Linear(int e, double loss, out Matrix<double> jacobian, out Vector<double> residual, out Matrix<double> weights,
        out Matrix<double> scattering)
    {
        double[] track = Sample.Truth[(3 * e)..((3 * e) + 3)];
        double factor = Geometry.CurvaturePerQOverPt;
        CirclePoint[] points = [.. Enumerable.Range(0, Planes).Select(i =>
            CirclePoint.TryEvaluate(Geometry.Z[i], track[1], track[2] * factor, out CirclePoint point) ? point : default)];
        jacobian = Matrix<double>.Build.Dense(Planes, 3,
            (i, a) => a == 0 ? 1 : a == 1 ? points[i].BySlope : points[i].ByCurvature * factor);
        residual = Vector<double>.Build.Dense(Planes,
            i => track[0] + points[i].Y + (factor * loss * Material.Bending[i]) - Sample.Centroid[(e * Planes) + i]);
        weights = Matrix<double>.Build.Diagonal(Planes, Planes, i =>
            Sample.Presence[(e * Planes) + i] / (Sample.Sigma[(e * Planes) + i] * Sample.Sigma[(e * Planes) + i]));
        scattering = Matrix<double>.Build.Dense(Planes, Planes, (i, j) => track[2] * track[2] * Material.Scattering[(i * Planes) + j]);
    }
}
