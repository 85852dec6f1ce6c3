using Sagitta.Physics.Detectors;

namespace Sagitta.Reconstruction.Fitting;

/// <summary>
/// Multiple scattering between planes as a covariance of the y measured at them: Highland's formula (Phys. Lett. 129B, 1975; PDG review, eq. 34.16) with one
/// logarithm of all material up to the last plane, so that the variances of its parts add. Straight-line lever arms.
/// </summary>
public sealed class ScatteringModel
{
    /// <summary>Radiation length of dry air at 20 degrees and one atmosphere, mm.</summary>
    public const double AirRadiationLength = 303_921;

    private const double HighlandGeV = 0.0136;
    private readonly double[] _unit;

    /// <summary>The material of a detector: thin scatterers at its planes and air between them from z = 0.</summary>
    /// <param name="detector">Planes with their radiation lengths.</param>
    /// <param name="airRadiationLength">Radiation length of what fills the gaps, mm; infinity for vacuum.</param>
    public ScatteringModel(Detector detector, double airRadiationLength = AirRadiationLength)
    {
        int n = detector.Planes.Count;
        PlaneCount = n;
        double last = n == 0 ? 0 : detector.Planes[n - 1].Z;
        double total = last / airRadiationLength;
        for (int i = 0; i < n - 1; i++)
        {
            total += detector.Planes[i].RadiationLengths;
        }

        TotalRadiationLengths = total;
        double root = total > 0 ? HighlandGeV * (1 + (0.038 * Math.Log(total))) : 0;
        double scale = root * root;
        _unit = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            double zi = detector.Planes[i].Z;
            for (int j = i; j < n; j++)
            {
                double zj = detector.Planes[j].Z;

                // Integral over 0..zi of (zi - z)(zj - z) dz / X0, then the planes before i.
                double sum = ((zi * zi * zi / 3) + (zi * zi * (zj - zi) / 2)) / airRadiationLength;
                for (int k = 0; k < i; k++)
                {
                    double zk = detector.Planes[k].Z;
                    sum += (zi - zk) * (zj - zk) * detector.Planes[k].RadiationLengths;
                }

                _unit[(i * n) + j] = _unit[(j * n) + i] = scale * sum;
            }
        }
    }

    /// <summary>Number of planes.</summary>
    public int PlaneCount { get; }

    /// <summary>Material from z = 0 to the last plane, in radiation lengths; the last plane's own is behind its measurement.</summary>
    public double TotalRadiationLengths { get; }

    /// <summary>Covariance in mm^2 (planes x planes, row-major) for a momentum of 1 GeV at beta = 1; it falls with 1 / p^2.</summary>
    public ReadOnlySpan<double> UnitCovariance => _unit;
}
