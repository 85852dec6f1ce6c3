namespace Sagitta.Tests.Tracking.Fitting;

public sealed class MaterialPieceTests
{
    // From z = 10 to 14 mm, half a radiation length and 0.3 GeV a mm; one plane before it, one within, one behind.
    private static readonly MaterialPiece _piece = new(10, 4, -1, 1, 0.5, 0.3);
    private static readonly double[] _z = [9, 12, 20];

    [Fact]
    public void Integrals_are_those_of_a_computation_by_hand()
    {
        // Of u^2 from 0 to 2, u (u + 8) from 0 to 2, and u^2 from 6 to 10.
        double[] covariance = new double[9];
        _piece.AddScattering(_z, covariance);
        Assert.Equal([0, 0, 0, 0, 4.0 / 3, 28.0 / 3, 0, 28.0 / 3, 392.0 / 3], covariance, (a, b) => Math.Abs(a - b) < 1e-12);

        // A sixth of the loss times 2^3, and 10^3 - 6^3.
        double[] bending = new double[3];
        _piece.AddBending(_z, bending);
        Assert.Equal([0, 0.4, 39.2], bending, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Faces_move_with_their_planes()
    {
        Assert.Equal((10.0, 9.0), (_piece.Moved([3, 5, 7]).Start, _piece.Moved([3, 5, 7]).Thickness));
        MaterialPiece own = _piece with { StartPlane = 0, EndPlane = 0 };
        Assert.Equal((13.0, 4.0), (own.Moved([3, 5, 7]).Start, own.Moved([3, 5, 7]).Thickness));
        MaterialPiece last = _piece with { StartPlane = 1, EndPlane = -1 };
        Assert.Equal((15.0, -1.0), (last.Moved([3, 5, 7]).Start, last.Moved([3, 5, 7]).Thickness));
    }

    [Fact]
    public void A_geometry_has_a_field_and_moves_with_its_planes()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CircleGeometry([1, 2], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CircleGeometry([1, 2], double.NaN));
        CircleGeometry geometry = new([1, 2], 0.5);
        Assert.Same(geometry, geometry.At([0, 0]));
        Assert.Equal([1.25, 2], geometry.At([0.25, 0]).Z.ToArray());
        Assert.Equal(geometry.CurvaturePerQOverPt, geometry.At([0.25, 0]).CurvaturePerQOverPt, 1e-18);
    }

    [Fact]
    public void A_failed_fit_has_planes_and_no_error()
    {
        CircleGeometry geometry = CircleGeometry.Of(ToyDetector.TwoStations);
        double[] ones = [.. Enumerable.Repeat(1.0, geometry.PlaneCount)];
        TrackQuality[] quality = [new(1, 1, 1)];
        TrackQuality.OfDiagonalFits(geometry, null, new(), [0, 0, 0], [SolveStatus.Singular], ones, ones, ones, quality);
        Assert.Equal(new TrackQuality(double.NaN, double.NaN, geometry.PlaneCount), quality[0]);
        Assert.Equal(geometry.PlaneCount - 3, quality[0].DegreesOfFreedom);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(0, 0)]
    [InlineData(1, -1)]
    public void Gradients_agree_with_differences(int startPlane, int endPlane)
    {
        MaterialPiece piece = _piece with { StartPlane = startPlane, EndPlane = endPlane };
        double[] onCovariance = [0.3, -0.2, 0.5, 0.7, 0.11, -0.4, 0.9, 0.2, 0.6];
        double[] onBending = [2, -0.05, 3];
        double[] gradient = new double[3];
        piece.AddScatteringGradient(_z, onCovariance, gradient);
        piece.AddBendingGradient(_z, onBending, gradient);
        for (int i = 0; i < 3; i++)
        {
            double At(double shift)
            {
                double[] moved = new double[3];
                moved[i] = shift;
                double[] covariance = new double[9];
                double[] bending = new double[3];
                double[] there = [.. _z.Zip(moved, (z, by) => z + by)];
                piece.Moved(moved).AddScattering(there, covariance);
                piece.Moved(moved).AddBending(there, bending);
                return covariance.Zip(onCovariance, (a, b) => a * b).Sum() + bending.Zip(onBending, (a, b) => a * b).Sum();
            }

            Assert.Equal((At(1e-4) - At(-1e-4)) / 2e-4, gradient[i], 1e-6);
        }
    }
}
