using System.Runtime.CompilerServices;

namespace Sagitta.Physics.Simulation;

/// <summary>What transport computes once of a detector: steps, loss tables, layers that free electrons. Immutable, shared by
/// threads.</summary>
internal sealed class TransportPlan
{
    /// <summary>Mean number of transfers per step that are drawn one by one; smaller ones make a Gaussian.</summary>
    public const double HardTransfers = 0.1;

    // The gap that the law of deposits was tuned in, mm g/cm3.
    internal const double TunedLength = 5 * 0.00167251;

    // Plans live as long as their detectors: making one takes as long as simulating some hundred events.
    private static readonly ConditionalWeakTable<Detector, TransportPlan> _plans = [];

    private TransportPlan(Detector detector)
    {
        Steps = [.. TransportStep.Through(detector)];
        SoftLoss = [.. Steps.Select(step => new MomentumTable(momentum => SoftLossIn(step, momentum)))];
        LocalDeposit = [.. detector.Planes.Select(plane => new MomentumTable(momentum => LocalDepositIn(detector.GasOf(plane), momentum)))];
        TunedGaps = [.. detector.Planes.Select(plane => plane.GapThickness * detector.GasOf(plane).Density / TunedLength)];
        Tracker = new(detector);
        Source = new(detector, Tracker);
        Radiation = detector.HardRadiation ? new RadiationPlan(Steps) : null;
    }

    /// <summary>One a plane.</summary>
    public TransportStep[] Steps { get; }
    /// <summary>Per step: mean loss by soft transfers at normal incidence, GeV.</summary>
    public MomentumTable[] SoftLoss { get; }
    /// <summary>Per plane: mean deposit by transfers that stay on the muon's path, keV/mm.</summary>
    public MomentumTable[] LocalDeposit { get; }
    /// <summary>Per plane: mass per area of the gap over that of the gap where the law of deposits was tuned.</summary>
    public double[] TunedGaps { get; }
    /// <summary>Follows electrons.</summary>
    public ElectronTracker Tracker { get; }
    /// <summary>Where they come from.</summary>
    public ElectronSource Source { get; }
    /// <summary>Hard radiation; null where it is left out.</summary>
    public RadiationPlan? Radiation { get; }

    /// <summary>The plan of a detector, made when it is first asked for.</summary>
    public static TransportPlan Of(Detector detector) => _plans.GetValue(detector, key => new(key));

    internal static double SoftLossIn(TransportStep step, double momentum)
    {
        double loss = 0;
        foreach (TraversedSlab slab in step.Slabs)
        {
            loss += BetheLoss.Restricted(slab.Material, momentum, step.LossStrength / HardTransfers) * slab.Thickness;
        }

        return loss;
    }

    internal static double LocalDepositIn(Material gas, double momentum) =>
        BetheLoss.Restricted(gas, momentum, ElectronTracker.LowestInGas
            * PhysicalConstants.KiloElectronVolt) / PhysicalConstants.KiloElectronVolt;
}

/// <summary>The material between the centres of two consecutive gaps (or z = 0 and the first), as the transport needs it.</summary>
/// <remarks>Fermi-Eyges moments (Eyges, Phys. Rev. 74 (1948) 1534) of radiation lengths about the step's end, l being the distance to it:
/// the core's angle has variance A0, its displacement A2, their covariance A1, each times the core's square per radiation length. The core
/// is that of <see cref="CoulombScattering"/>; all is per sqrt(slant)/(p beta).</remarks>
internal sealed record TransportStep
{
    /// <summary>z of the step's begin, mm.</summary>
    public required double Begin { get; init; }
    /// <summary>z of the step's end, mm.</summary>
    public required double End { get; init; }
    /// <summary>Pieces of material.</summary>
    public required TraversedSlab[] Slabs { get; init; }
    /// <summary>xi of all pieces at beta = 1, GeV.</summary>
    public required double LossStrength { get; init; }
    /// <summary>Mean, over where energy is lost, of the fraction of the step that is left: how much of the step's loss the turn
    /// feels.</summary>
    public required double LossOnAngle { get; init; }
    /// <summary>Mean of that fraction squared: how much of the loss the displacement by the field feels.</summary>
    public required double LossOnDisplacement { get; init; }
    /// <summary>Standard deviation of the core's displacement, mm GeV.</summary>
    public required double CoreDisplacement { get; init; }
    /// <summary>Mean angle per displacement, rad/mm.</summary>
    public required double CoreCorrelation { get; init; }
    /// <summary>Standard deviation of the angle at given displacement, rad GeV.</summary>
    public required double CoreAngle { get; init; }
    /// <summary>Momentum transfer times beta above which scatters are single, GeV.</summary>
    public required double HardCut { get; init; }

    /// <summary>Distance in mm from the step's end to a place drawn along the step by radiation lengths.</summary>
    public double DistanceAtQuantile(double uniform)
    {
        double target = uniform * RadiationLengths;
        foreach (TraversedSlab slab in Slabs)
        {
            double part = slab.Thickness / slab.Material.RadiationLength;
            if (target < part)
            {
                return End - slab.Start - (target * slab.Material.RadiationLength);
            }

            target -= part;
        }

        return 0;
    }

    /// <summary>Radiation lengths of all pieces.</summary>
    public required double RadiationLengths { get; init; }

    /// <summary>The steps through a detector, one per plane.</summary>
    public static IReadOnlyList<TransportStep> Through(Detector detector)
    {
        IReadOnlyList<TraversedSlab> all = detector.TraversedMaterial();
        var steps = new List<TransportStep>();
        double begin = 0;
        foreach (Plane plane in detector.Planes)
        {
            steps.Add(Between(all, begin, plane.Z));
            begin = plane.Z;
        }

        return steps;
    }

    /// <summary>The step between two places through these slabs.</summary>
    public static TransportStep Between(IReadOnlyList<TraversedSlab> all, double begin, double end)
    {
        var slabs = new List<TraversedSlab>();
        double moment0 = 0;
        double moment1 = 0;
        double moment2 = 0;
        foreach (TraversedSlab slab in all)
        {
            double from = Math.Max(slab.Start, begin);
            double to = Math.Min(slab.End, end);
            if (to <= from)
            {
                continue;
            }

            slabs.Add(new(from, to - from, slab.Material, slab.GapOfPlane));
            double far = end - from;
            double near = end - to;
            moment0 += (far - near) / slab.Material.RadiationLength;
            moment1 += ((far * far) - (near * near)) / (2 * slab.Material.RadiationLength);
            moment2 += ((far * far * far) - (near * near * near)) / (3 * slab.Material.RadiationLength);
        }

        double strength = 0;
        double lever1 = 0;
        double lever2 = 0;
        foreach (TraversedSlab slab in slabs)
        {
            double far = (end - slab.Start) / (end - begin);
            double near = (end - slab.End) / (end - begin);
            double part = BetheLoss.Strength(slab.Material, 1) * slab.Thickness;
            strength += part;
            lever1 += part * (far + near) / 2;
            lever2 += part * ((far * far) + (far * near) + (near * near)) / 3;
        }

        double core = moment0 > 0 ? CoulombScattering.CoreTimesMomentum(moment0) / Math.Sqrt(moment0) : 0;
        double correlation = moment2 > 0 ? moment1 / moment2 : 0;
        return new()
        {
            Begin = begin,
            End = end,
            Slabs = [.. slabs],
            LossStrength = strength,
            LossOnAngle = strength > 0 ? lever1 / strength : 0,
            LossOnDisplacement = strength > 0 ? lever2 / strength : 0,
            RadiationLengths = moment0,
            CoreDisplacement = core * Math.Sqrt(moment2),
            CoreCorrelation = correlation,
            CoreAngle = core * Math.Sqrt(Math.Max(moment0 - (correlation * moment1), 0)),
            HardCut = CoulombScattering.CutTimesMomentum(moment0),
        };
    }
}

/// <summary>Where along a muon's path electrons are set free that could reach a gas gap. The detector's material is cut into thin layers,
/// each with the lowest kinetic energy that could get from it to a gap, by range through the material between and by the curl in the field
/// (a circle reaches no further than twice its radius); fewer layers and electrons are then drawn, not other ones.</summary>
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
