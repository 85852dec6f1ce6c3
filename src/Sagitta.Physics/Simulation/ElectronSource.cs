namespace Sagitta.Physics.Simulation;

/// <summary>
/// Where along a muon's path electrons are set free that could reach a gas gap. The detector's material is cut into thin layers, each
/// with the lowest kinetic energy that could get from it to a gap, by range through the material between and by the curl in the field
/// (a circle reaches no further than twice its radius); fewer layers and electrons are then drawn, not other ones.
/// </summary>
internal sealed class ElectronSource
{
    private const int LayersPerSlab = 12;
    private readonly double[] _cumulative;
    private readonly double[] _start;
    private readonly double[] _thickness;
    private readonly double[] _threshold;
    private readonly int[] _slab;

    public ElectronSource(Detector detector, ElectronTracker tracker)
    {
        IReadOnlyList<TraversedSlab> slabs = detector.TraversedMaterial();
        var start = new List<double>();
        var thickness = new List<double>();
        var threshold = new List<double>();
        var slab = new List<int>();
        var cumulative = new List<double>();
        double sum = 0;
        for (int s = 0; s < slabs.Count; s++)
        {
            int layers = slabs[s].GapOfPlane >= 0 ? 1 : LayersPerSlab;
            for (int i = 0; i < layers; i++)
            {
                double from = slabs[s].Start + (slabs[s].Thickness * i / layers);
                double length = slabs[s].Thickness / layers;
                double lowest = slabs[s].GapOfPlane >= 0
                    ? ElectronTracker.LowestInGas
                    : Math.Min(tracker.LowestToReachGap(s, from), tracker.LowestToReachGap(s, from + length));
                sum += BetheLoss.Strength(slabs[s].Material, 1) * length / PhysicalConstants.KiloElectronVolt / lowest;
                start.Add(from);
                thickness.Add(length);
                threshold.Add(lowest);
                slab.Add(s);
                cumulative.Add(sum);
            }
        }

        _start = [.. start];
        _thickness = [.. thickness];
        _threshold = [.. threshold];
        _slab = [.. slab];
        _cumulative = [.. cumulative];
    }

    /// <summary>Mean number of electrons per muon at normal incidence and beta = 1, before the upper end of the spectrum.</summary>
    public double MeanNumber => _cumulative.Length == 0 ? 0 : _cumulative[^1];

    /// <summary>The layer at quantile <paramref name="uniform"/>: its slab, a place within it by a second uniform, and its
    /// threshold.</summary>
    public (int Slab, double Z, double Threshold) Choose(double uniform, double within)
    {
        double target = uniform * MeanNumber;
        int low = 0;
        int high = _cumulative.Length - 1;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            (low, high) = _cumulative[middle] < target ? (middle + 1, high) : (low, middle);
        }

        return (_slab[low], _start[low] + (within * _thickness[low]), _threshold[low]);
    }
}
