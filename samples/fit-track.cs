// Fits one simulated muon through its true hits, and asks the fit's gradient which hits its momentum hangs on:
// dotnet run samples/fit-track.cs -- [detector] [event number] [file.html]
#:project ../src/Sagitta.Experiments
#:property PublishAot=false

using System.Globalization;
using Sagitta.Autodiff.Solvers;
using Sagitta.Autodiff.Tensors;
using Sagitta.Reports.Displays;
using Sagitta.Reports.Documents;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Events;
using Sagitta.Physics.Propagation;
using Sagitta.Physics.Simulation;
using Sagitta.Reconstruction.Clustering;
using Sagitta.Reconstruction.Fitting;

Detector detector = DetectorFile.Load(args.Length > 0 ? args[0] : "toy16");
long number = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 7;
string path = args.Length > 2 ? args[2] : "track.html";
EventSet events = MuonSimulation.Generate(detector, new SimulationOptions(), seed: 1, first: number, count: 1);

// Weights of hits, here their labels; a network's probabilities would do as well.
using Tape<double> tape = new();
Tensor<double> weights = tape.Leaf([.. events.LabelHit.Select(l => (double)l)], events.HitCount, 1);
Segments planes = new();
PlaneGroups.Set(planes, events, 0, 1);
Clusters clusters = SoftClustering.Apply(
    weights,
    [.. events.HitY.Select(y => (double)y)],
    [.. events.HitCharge.Select(q => (double)q)],
    planes,
    [.. detector.Planes.Select(p => p.StripPitch)],
    new ClusterOptions());
ImplicitSolution fit = new CircleFit(CircleGeometry.Of(detector)).Apply(clusters.Centroid, clusters.Sigma, clusters.Presence);
if (fit.Statuses[0] != SolveStatus.Converged)
{
    Console.Error.WriteLine($"event {number} cannot be fitted: {fit.Statuses[0]}");
    return 1;
}

double truth = events.TruthQOverPt[0];
double fitted = fit.Value.Values[TrackParameter.QOverPt];
double limit = new ResolutionLimit(detector, planeSigma: 0.1).Sigma(truth);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"q/pT true {truth:0.00000}, fitted {fitted:0.00000}, limit of its error {limit:0.00000} per GeV"));

// The gradient of q/pT on every weight, in one backward pass through fit and clustering.
tape.PrepareGradients();
fit.Value.Gradient[TrackParameter.QOverPt] = 1;
tape.Backward();

CircleTrack circle = CircleTrack.FromMomentum(
    fit.Value.Values[TrackParameter.Y0], fit.Value.Values[TrackParameter.Slope], fitted, detector.FieldTesla);
CircleTrack begun = CircleTrack.FromMomentum(events.TruthY0[0], events.TruthSlope[0], truth, detector.FieldTesla);
double[] z = [.. Enumerable.Range(0, 121).Select(i => i * detector.Planes[^1].Z * 1.02 / 120)];
List<DisplayHit> hits = [];
for (int i = 0; i < events.HitCount; i++)
{
    Plane plane = detector.Planes[events.HitPlane[i]];
    hits.Add(new(plane.Z, events.HitY[i])
    {
        Panel = plane.Station,
        Amount = events.HitCharge[i],
        Values = [-weights.Values[i] * weights.Gradient[i] / limit, weights.Values[i], events.LabelHit[i]],
    });
}

List<PlaneResidual> residuals = [];
for (int i = 0; i < detector.Planes.Count; i++)
{
    if (clusters.Presence.Values[i] > 0)
    {
        double centroid = clusters.Centroid.Values[i];
        residuals.Add(new PlaneResidual(i, centroid, centroid - circle.At(detector.Planes[i].Z), clusters.Sigma.Values[i]));
    }
}

ReportWriter.WriteFile(path, new Report($"A muon of {1 / Math.Abs(truth):0.0} GeV in {detector.Name}, fitted", [
    new Paragraph(string.Create(
        CultureInfo.InvariantCulture,
        $"True q/p_{{T}} {truth:0.00000} per GeV, fitted {fitted:0.00000}, {(fitted - truth) / limit:+0.0;−0.0} times the limit of the "
            + $"detector's error.")),
    new EventDisplay([.. detector.Planes.Select(p => new DisplayPlane(p.Z, p.Station))], hits,
        "Influence is the first-order change of q/p_{T} without the hit, in units of the limit.")
    {
        Tracks =
        [
            new DisplayTrack("circle of the vertex", z, [.. z.Select(begun.At)]),
            new DisplayTrack("fit", z, [.. z.Select(circle.At)]) { Series = 0 },
        ],
        Residuals = residuals,
        Quantities = [new("influence", "", "σ") { Signed = true }, new("weight"), new("truth", "background", "particle")],
    },
]));
Console.WriteLine(path);
return 0;
