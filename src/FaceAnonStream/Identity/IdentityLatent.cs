namespace FaceAnonStream.Identity;

/// <summary>Who a face becomes: a point in the latent space of the generator that draws it.</summary>
/// <param name="Values">As many numbers as the generator's latent has, appearance before shape.</param>
public sealed record IdentityLatent(ReadOnlyMemory<float> Values);
