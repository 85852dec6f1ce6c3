using Sagitta.Physics.Detectors;
using Sagitta.Physics.Interactions;
using Sagitta.Physics.Propagation;

namespace Sagitta.Reconstruction.Fitting;

/// <summary>
/// What the material of a detector does to a track between its planes, for a fit: the covariance of the y measured at them by multiple
/// scattering, and the extra bending by the loss of energy. Straight-line lever arms from z = 0, the loss that of a muon's arc; equations in
/// docs/method.md.
/// </summary>
public sealed class TrackMaterial
{
    // Radiation length of dry air at 20 degrees and one atmosphere, mm: for detectors written without materials.
    private const double AirRadiationLength = 303_921;

    // The median of Landau's distribution is the restricted mean loss with this cut in units of xi: ln of it is 0.200 for the most
    // probable loss (PDG, eq. 34.12) and 1.58 from the mode to the median. Medians of layers do not add: xi is that of all material, and
    // then the layers' parts do, as Landau's distribution is stable.
    private const double MedianCut = 5.93;

    // A muon that turns more than this leaves the planes.
    private const double LargestSine = 0.98;

    private readonly double[] _scattering;
    private readonly double[] _bending;

    /// <summary>
    /// The material of a detector: its slabs, or, where its file lists none, its planes' radiation lengths with air between. Loss of energy is known
    /// for slabs only.
    /// </summary>
    /// <param name="detector">The detector.</param>
    /// <param name="lossMomentum">Momentum at which the loss is taken, GeV; it hardly depends on it.</param>
    public TrackMaterial(Detector detector, double lossMomentum = 10)
    {
        int n = detector.Planes.Count;
        PlaneCount = n;
        _scattering = new double[n * n];
        _bending = new double[n];
        double last = n == 0 ? 0 : detector.Planes[n - 1].Z;
        double[] z = new double[n];
        for (int i = 0; i < n; i++)
        {
            z[i] = detector.Planes[i].Z;
        }

        IReadOnlyList<TraversedSlab> slabs = detector.Materials.Count == 0 ? [] : detector.TraversedMaterial();
        if (slabs.Count == 0)
        {
            AddScattering(z, 0, last, AirRadiationLength);
            for (int k = 0; k < n - 1; k++)
            {
                AddScattering(z, z[k], 1e-9, 1e-9 / detector.Planes[k].RadiationLengths);
            }
        }

        double strength = 0;
        foreach (TraversedSlab slab in slabs)
        {
            double thickness = Math.Min(slab.End, last) - slab.Start;
            if (thickness > 0)
            {
                AddScattering(z, slab.Start, thickness, slab.Material.RadiationLength);
                strength += thickness * Slant(detector, lossMomentum, slab.Start + (thickness / 2)) * BetheLoss.Strength(slab.Material, 1);
            }
        }

        foreach (TraversedSlab slab in slabs)
        {
            double thickness = Math.Min(slab.End, last) - slab.Start;
            if (thickness > 0)
            {
                double slant = Slant(detector, lossMomentum, slab.Start + (thickness / 2));
                AddLoss(z, slab.Start, thickness, slant * BetheLoss.Restricted(slab.Material, lossMomentum, MedianCut * strength));
            }
        }

        double root = TotalRadiationLengths > 0 ? Highland.Energy * (1 + (Highland.LogarithmFactor * Math.Log(TotalRadiationLengths))) : 0;
        foreach (ref double value in _scattering.AsSpan())
        {
            value *= root * root;
        }
    }

    /// <summary>Number of planes.</summary>
    public int PlaneCount { get; }

    /// <summary>Material from z = 0 to the last plane's centre, in radiation lengths.</summary>
    public double TotalRadiationLengths { get; private set; }

    /// <summary>Median loss of energy up to the last plane, GeV, of a muon that leaves z = 0 along z.</summary>
    public double MedianLoss { get; private set; }

    /// <summary>
    /// Covariance of y by scattering in mm^2 (planes x planes, row-major) for a momentum of 1 GeV; it falls with 1 / p^2. Highland's formula
    /// with one logarithm of all material, so that the variances of its parts add.
    /// </summary>
    public ReadOnlySpan<double> Scattering => _scattering;

    /// <summary>
    /// Per plane, the integral of (z_i - z) E(z) with E the median loss before z, in GeV mm^2: a track whose curvature at z = 0 is
    /// kappa is further along its bend at plane i by kappa / p times this.
    /// </summary>
    public ReadOnlySpan<double> Bending => _bending;

    // Path per z of a muon that leaves z = 0 along z.
    private static double Slant(Detector detector, double momentum, double z)
    {
        double sine = Math.Min(Math.Abs(CircleTrack.CurvatureOf(1 / momentum, detector.FieldTesla)) * z, LargestSine);
        return 1 / Math.Sqrt(1 - (sine * sine));
    }

    private void AddScattering(double[] z, double start, double thickness, double radiationLength)
    {
        TotalRadiationLengths += thickness / radiationLength;
        int n = z.Length;
        for (int i = 0; i < n; i++)
        {
            double end = Math.Min(start + thickness, z[i]);
            if (end <= start)
            {
                continue;
            }

            for (int j = i; j < n; j++)
            {
                // Integral of (z_i - z)(z_j - z) from start to end, about its middle.
                double middle = (start + end) / 2;
                double length = end - start;
                double value = length * (((z[i] - middle) * (z[j] - middle)) + (length * length / 12)) / radiationLength;
                _scattering[(i * n) + j] += value;
                if (i != j)
                {
                    _scattering[(j * n) + i] += value;
                }
            }
        }
    }

    private void AddLoss(double[] z, double start, double thickness, double perLength)
    {
        MedianLoss += thickness * perLength;
        for (int i = 0; i < z.Length; i++)
        {
            // E grows linearly within the slab and stays behind it: a third and a second integral.
            double reach = z[i] - start;
            double behind = reach - thickness;
            if (reach > 0)
            {
                _bending[i] += perLength / 6 * ((reach * reach * reach) - (behind > 0 ? behind * behind * behind : 0));
            }
        }
    }
}
